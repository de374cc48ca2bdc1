using System.Text.RegularExpressions;
using MeshNode.Actors.Event;

namespace MeshNode.Actors.TestKit;

/// <summary>
/// Says which events of the log, or dead letters, an action should cause. Texts are compared whole, by their start, by a
/// part or by a pattern; a source in full or as a path without the system.
/// </summary>
public sealed class EventFilterFactory
{
    private readonly TestKitContext _context;
    private readonly TestTiming _timing;
    private readonly IReadOnlyList<EventCondition> _others;

    internal EventFilterFactory(TestKitContext context, TestTiming timing, IReadOnlyList<EventCondition> others)
    {
        _context = context;
        _timing = timing;
        _others = others;
    }

    /// <summary>An error with an exception of this type, as which supervision reports a failure; the text may be the exception's or the line's.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception => Exception(typeof(TException), pattern, source);

    /// <param name="checkInnerExceptions">The exception may be wrapped in others.</param>
    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        OfCause(exceptionType, new TextMatch(message, start, contains, null), source, checkInnerExceptions);

    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        OfCause(exceptionType, new TextMatch(null, null, null, pattern), source, checkInnerExceptions);

    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Error>(new TextMatch(message, start, contains, null), source);

    public IEventFilterApplier Error(Regex pattern, string? source = null) => OfText<Error>(new TextMatch(null, null, null, pattern), source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Warning>(new TextMatch(message, start, contains, null), source);

    public IEventFilterApplier Warning(Regex pattern, string? source = null) => OfText<Warning>(new TextMatch(null, null, null, pattern), source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Info>(new TextMatch(message, start, contains, null), source);

    public IEventFilterApplier Info(Regex pattern, string? source = null) => OfText<Info>(new TextMatch(null, null, null, pattern), source);

    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Debug>(new TextMatch(message, start, contains, null), source);

    public IEventFilterApplier Debug(Regex pattern, string? source = null) => OfText<Debug>(new TextMatch(null, null, null, pattern), source);

    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfLevel(logLevel, new TextMatch(message, start, contains, null), source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        OfLevel(logLevel, new TextMatch(null, null, null, pattern), source);

    public IEventFilterApplier DeadLetter() => Applier<DeadLetter>(static _ => true);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter(typeof(TMessage), source);

    /// <param name="source">The recipient's path.</param>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetter(typeof(TMessage), message => isMatch((TMessage)message), source);

    public IEventFilterApplier DeadLetter(Type type, string? source = null) => DeadLetter(type, static _ => true, source);

    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(isMatch);
        return Applier<DeadLetter>(letter =>
            type.IsInstanceOfType(letter.Message) && TextMatch.IsSource(source, letter.Recipient.Path.ToString()) && isMatch(letter.Message));
    }

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Custom<LogEvent>(predicate);

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Applier(predicate);
    }

    private EventFilterApplier OfCause(Type type, TextMatch text, string? source, bool checkInnerExceptions) => Applier<Error>(entry =>
        TextMatch.IsSource(source, entry.LogSource)
        && Causes(entry.Cause, checkInnerExceptions).Any(cause =>
            type.IsInstanceOfType(cause) && (text.Fits(cause.Message) || text.Fits(entry.Message.ToString()!))));

    private static IEnumerable<Exception> Causes(Exception? cause, bool withInner)
    {
        for (; cause is not null; cause = withInner ? cause.InnerException : null)
        {
            yield return cause;
        }
    }

    private EventFilterApplier OfLevel(LogLevel level, TextMatch text, string? source) => level switch
    {
        LogLevel.DebugLevel => OfText<Debug>(text, source),
        LogLevel.InfoLevel => OfText<Info>(text, source),
        LogLevel.WarningLevel => OfText<Warning>(text, source),
        _ => OfText<Error>(text, source),
    };

    private EventFilterApplier OfText<TEvent>(TextMatch text, string? source)
        where TEvent : LogEvent =>
        Applier<TEvent>(entry => TextMatch.IsSource(source, entry.LogSource) && text.Fits(entry.Message.ToString()!));

    private EventFilterApplier Applier<TEvent>(Predicate<TEvent> fits) =>
        new(_context, _timing, [.. _others, new EventCondition(typeof(TEvent), @event => fits((TEvent)@event))]);
}

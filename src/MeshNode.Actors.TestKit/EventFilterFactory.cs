using System.Text.RegularExpressions;
using MeshNode.Actors.Event;

namespace MeshNode.Actors.TestKit;

/// <summary>Says which events of the log, or dead letters, an action should cause.</summary>
public sealed class EventFilterFactory
{
    private readonly TestKitContext _context;

    internal EventFilterFactory(TestKitContext context) => _context = context;

    /// <summary>An error with an exception of this type, as which supervision reports a failure.</summary>
    public EventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, Regex? pattern = null)
        where TException : Exception =>
        Log<Error>(entry => entry.Cause is TException && Fits(entry.Cause.Message, message, start, contains, pattern));

    public EventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Error>(message, start, contains, source);

    public EventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Warning>(message, start, contains, source);

    public EventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Info>(message, start, contains, source);

    public EventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfText<Debug>(message, start, contains, source);

    public EventFilterApplier DeadLetter() => new(_context, typeof(DeadLetter), static _ => true);

    public EventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool>? isMatch = null) =>
        new(_context, typeof(DeadLetter), letter => ((DeadLetter)letter).Message is TMessage message && (isMatch is null || isMatch(message)));

    public EventFilterApplier Custom(Predicate<LogEvent> predicate) => Log(predicate);

    private EventFilterApplier OfText<TEvent>(string? message, string? start, string? contains, string? source)
        where TEvent : LogEvent =>
        Log<TEvent>(entry => (source is null || entry.LogSource == source) && Fits(entry.Message.ToString()!, message, start, contains, null));

    private EventFilterApplier Log<TEvent>(Predicate<TEvent> predicate)
        where TEvent : LogEvent => new(_context, typeof(TEvent), entry => predicate((TEvent)entry));

    private static bool Fits(string text, string? message, string? start, string? contains, Regex? pattern) =>
        (message is null || text == message)
        && (start is null || text.StartsWith(start, StringComparison.Ordinal))
        && (contains is null || text.Contains(contains, StringComparison.Ordinal))
        && (pattern is null || pattern.IsMatch(text));
}

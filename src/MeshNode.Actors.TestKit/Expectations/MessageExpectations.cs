using Xunit;

namespace MeshNode.Actors.TestKit;

/// <summary>What the next message must be, and who must have sent it.</summary>
public abstract class MessageExpectations : MessageReceiver
{
    private protected MessageExpectations(TestKitContext context, string? name)
        : base(context, name)
    {
    }

    /// <summary>The next message is of this type.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Any<T>(), duration, hint, cancellationToken);

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(EqualTo(message), timeout, hint, cancellationToken);

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Fitting(isMessage, hint), timeout, hint, cancellationToken);

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>((actual, _) => assert(actual), timeout, hint, cancellationToken);

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Fitting(isMessageAndSender, hint), timeout, hint, cancellationToken);

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(assertMessageAndSender, timeout, hint, cancellationToken);

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Compared(expected, comparer, hint), timeout, hint, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(sender, Any<T>()), duration, hint, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(sender, EqualTo(message)), timeout, hint, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(sender, Fitting(isMessage, hint)), timeout, hint, cancellationToken);

    public T ExpectMsgFrom<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Fitting<T>((message, sender) => isSender(sender) && isMessage(message), hint), timeout, hint, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From<T>(sender, (message, _) => assertMessage(message)), timeout, hint, cancellationToken);

    public T ExpectMsgFrom<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Both(assertSender, assertMessage), timeout, hint, cancellationToken);

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(EndOf(target), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Any<T>(), duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(EqualTo(message), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Fitting(isMessage, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>((actual, _) => assert(actual), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Fitting(isMessageAndSender, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(assertMessageAndSender, timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Compared(expected, comparer, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From(sender, Any<T>()), duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From(sender, EqualTo(message)), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From(sender, Fitting(isMessage, hint)), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Fitting<T>((message, sender) => isSender(sender) && isMessage(message), hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From<T>(sender, (message, _) => assertMessage(message)), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Both(assertSender, assertMessage), timeout, hint, cancellationToken);

    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(EndOf(target), timeout, hint, cancellationToken);

    private static Action<T, IActorRef> Any<T>() => static (_, _) => { };

    private static Action<T, IActorRef> EqualTo<T>(T expected) => (actual, _) => Assert.Equal(expected, actual);

    private static Action<T, IActorRef> Fitting<T>(Predicate<T> isMessage, string? hint) =>
        (actual, _) => Assert.True(isMessage(actual), $"{actual} is not what was expected. {hint}");

    private static Action<T, IActorRef> Fitting<T>(Func<T, IActorRef, bool> isMessageAndSender, string? hint) =>
        (actual, sender) => Assert.True(isMessageAndSender(actual, sender), $"{actual} from {sender} is not what was expected. {hint}");

    private static Action<T, IActorRef> Compared<T>(T expected, Func<T, T, bool> comparer, string? hint) =>
        (actual, _) => Assert.True(comparer(expected, actual), $"Expected {expected}, got {actual}. {hint}");

    private static Action<T, IActorRef> From<T>(IActorRef sender, Action<T, IActorRef> check) => (actual, actualSender) =>
    {
        check(actual, actualSender);
        Assert.True(sender.Equals(actualSender), $"Expected {actual} from {sender}, it came from {actualSender}");
    };

    private static Action<T, IActorRef> Both<T>(Action<IActorRef> assertSender, Action<T> assertMessage) => (actual, sender) =>
    {
        assertSender(sender);
        assertMessage(actual);
    };

    private static Action<Terminated, IActorRef> EndOf(IActorRef target) => (actual, _) =>
        Assert.True(target.Equals(actual.ActorRef), $"Expected the end of {target}, got that of {actual.ActorRef}");

    private T Expect<T>(Action<T, IActorRef> check, TimeSpan? timeout, string? hint, CancellationToken cancellationToken) =>
        Checked(Take(timeout, $"{typeof(T).Name}. {hint}", cancellationToken), check, hint);

    private async ValueTask<T> ExpectAsync<T>(Action<T, IActorRef> check, TimeSpan? timeout, string? hint, CancellationToken cancellationToken) =>
        Checked(await TakeAsync(timeout, $"{typeof(T).Name}. {hint}", cancellationToken).ConfigureAwait(true), check, hint);

    private static T Checked<T>(MessageEnvelope envelope, Action<T, IActorRef> check, string? hint)
    {
        Assert.True(envelope.Message is T, $"Expected {typeof(T)}, got {envelope.Message!.GetType()}: {envelope.Message}. {hint}");
        var message = (T)envelope.Message!;
        check(message, envelope.Sender);
        return message;
    }
}

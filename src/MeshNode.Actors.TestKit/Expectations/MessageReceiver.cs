using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace MeshNode.Actors.TestKit;

/// <summary>
/// Takes what a test actor received. Owns its queue. What must come is waited for by the wall clock; what need not come
/// (<c>ReceiveWhile</c>, <c>WaitForRadioSilenceAsync</c>) takes virtual time where there is some.
/// </summary>
public abstract class MessageReceiver : TestTiming
{
    private readonly ProbeQueue _queue = new();

    private protected MessageReceiver(TestKitContext context, string? name)
        : base(context)
    {
        var queue = _queue;
        TestActor = context.ProbeParent.Cell.MakeChild(
            Props.Create(() => new TestActor(queue)).WithDispatcher(CallingThreadDispatcher.Id), name);
    }

    /// <summary>The actor whose messages are expected.</summary>
    public IActorRef TestActor { get; }

    public object? LastMessage { get; private set; }

    public IActorRef? LastSender { get; private set; }

    public bool HasMessages => _queue.Count > 0;

    /// <summary>The next message, or null when none comes within the time.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) => TakeOrNull(max, cancellationToken)?.Message;

    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TakeOrNullAsync(max, cancellationToken).ConfigureAwait(true))?.Message;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var taken = TakeOrNull(max, cancellationToken);
        envelope = taken ?? NullMessageEnvelope.Instance;
        return taken is not null;
    }

    public async ValueTask<(bool Success, MessageEnvelope Envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var taken = await TakeOrNullAsync(max, cancellationToken).ConfigureAwait(true);
        return (taken is not null, taken ?? NullMessageEnvelope.Instance);
    }

    /// <summary>The next message, which stays; null when none comes within the time.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        AwaitMessage(max, cancellationToken);
        return Note(_queue.Peek())?.Message;
    }

    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        await AwaitMessageAsync(max, cancellationToken).ConfigureAwait(true);
        return Note(_queue.Peek())?.Message;
    }

    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        AwaitMessage(max, cancellationToken);
        var peeked = Note(_queue.Peek());
        envelope = peeked ?? NullMessageEnvelope.Instance;
        return peeked is not null;
    }

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveNCore(numberOfMessages, null, cancellationToken);

    /// <summary>So many messages, in the order in which they came, all within the time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveNCore(numberOfMessages, max, cancellationToken);

    public async IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var count = 0; count < numberOfMessages; count++)
        {
            yield return (await TakeAsync(null, $"message {count + 1} of {numberOfMessages}", cancellationToken).ConfigureAwait(true)).Message!;
        }
    }

    public async IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, TimeSpan max, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var count = 0; count < numberOfMessages; count++)
        {
            yield return (await TakeAsync(max, $"message {count + 1} of {numberOfMessages}", cancellationToken).ConfigureAwait(true)).Message!;
        }
    }

    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, null, msgs, cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, idle, msgs, cancellationToken);

    /// <summary>What the filter makes of messages, until it gives null, nothing comes for <paramref name="idle"/>, or the time or number is reached. The message that ended it stays.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return ReceiveWhile<T>(message => filter(message) is { } result ? (true, true, result) : default, max, idle, msgs, cancellationToken);
    }

    /// <summary>Messages of a type as long as the condition holds.</summary>
    /// <param name="shouldIgnoreOtherMessageTypes">Drop messages of other types; otherwise they end it.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(shouldContinue);
        return ReceiveWhile<T>(
            message => message is T typed ? (shouldContinue(typed), true, typed) : (shouldIgnoreOtherMessageTypes, false, default!),
            max,
            idle,
            msgs,
            cancellationToken);
    }

    public async IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (var message in ReceiveWhile(shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken))
        {
            yield return message;
        }
    }

    public async IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T?> filter,
        TimeSpan? max = null,
        TimeSpan? idle = null,
        int msgs = int.MaxValue,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (var message in ReceiveWhile(filter, max, idle, msgs, cancellationToken))
        {
            yield return message;
        }
    }

    /// <summary>Passes over messages until one fits.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, null, max, hint, cancellationToken);

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage(isMessage, null, max, hint, cancellationToken);

    /// <param name="allMessages">Is cleared, and gets the messages that were passed over; may be null.</param>
    public T FishForMessage<T>(
        Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(isMessage);
        allMessages?.Clear();
        var wait = new Countdown(this, max);
        while (true)
        {
            var message = Take(wait.Left, $"fishing for {typeof(T).Name} {hint}", cancellationToken).Message!;
            if (message is T typed && isMessage(typed))
            {
                return typed;
            }

            allMessages?.Add(message);
        }
    }

    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, null, max, hint, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(isMessage);
        allMessages?.Clear();
        var wait = new Countdown(this, max);
        while (true)
        {
            var message = (await TakeAsync(wait.Left, $"fishing for {typeof(T).Name} {hint}", cancellationToken).ConfigureAwait(true)).Message!;
            if (message is T typed && isMessage(typed))
            {
                return typed;
            }

            allMessages?.Add(message);
        }
    }

    /// <summary>Receives for so long; a message of the type fails the test, others are dropped.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        ReceiveWhile<object>(
            message =>
            {
                Assert.False(message is T, $"Did not expect a message of type {typeof(T)}: {message}");
                return true;
            },
            max,
            cancellationToken: cancellationToken);
    }

    /// <summary>Receives until nothing comes for so long.</summary>
    /// <param name="maxMessages">More of them fail the test.</param>
    public async Task<ArrayList> WaitForRadioSilenceAsync(TimeSpan? max = null, uint? maxMessages = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var messages = new ArrayList();
        while (TryPeekInTime(Limit(max), cancellationToken))
        {
            messages.Add(_queue.Take()!.Message);
            Assert.False(messages.Count > maxMessages, $"More than {maxMessages} messages before silence.");
        }

        return ArrayList.ReadOnly(messages);
    }

    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => _queue.Ignore(shouldIgnoreMessage);

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) => _queue.Ignore(message => message is TMsg typed && shouldIgnoreMessage(typed));

    public void IgnoreMessages<TMsg>() => _queue.Ignore(static message => message is TMsg);

    public void IgnoreNoMessages() => _queue.Ignore(null);

    /// <summary>The next message; fails the test when none comes.</summary>
    private protected MessageEnvelope Take(TimeSpan? timeout, string expected, CancellationToken cancellationToken)
    {
        var taken = TakeOrNull(timeout, cancellationToken);
        Assert.True(taken is not null, TimedOut(timeout, expected));
        return taken;
    }

    private protected async ValueTask<MessageEnvelope> TakeAsync(TimeSpan? timeout, string expected, CancellationToken cancellationToken)
    {
        var taken = await TakeOrNullAsync(timeout, cancellationToken).ConfigureAwait(true);
        Assert.True(taken is not null, TimedOut(timeout, expected));
        return taken;
    }

    /// <summary>Whether a message is there, virtual time going on by at most so long.</summary>
    private protected bool TryPeekInTime(TimeSpan max, CancellationToken cancellationToken)
    {
        if (KitContext.Scheduler is null)
        {
            _queue.Wait(max, cancellationToken);
        }
        else
        {
            StepUntilMessage(max, cancellationToken);
        }

        return HasMessages;
    }

    private string TimedOut(TimeSpan? timeout, string expected) => $"Timeout ({Limit(timeout)}) while waiting for {expected}";

    private MessageEnvelope? TakeOrNull(TimeSpan? max, CancellationToken cancellationToken)
    {
        AwaitMessage(max, cancellationToken);
        return Note(_queue.Take());
    }

    private async ValueTask<MessageEnvelope?> TakeOrNullAsync(TimeSpan? max, CancellationToken cancellationToken)
    {
        await AwaitMessageAsync(max, cancellationToken).ConfigureAwait(true);
        return Note(_queue.Take());
    }

    private void AwaitMessage(TimeSpan? max, CancellationToken cancellationToken)
    {
        var limit = Limit(max);
        if (KitContext.AdvancesWhileWaiting && limit > TimeSpan.Zero)
        {
            StepUntilMessage(limit, cancellationToken);
        }
        else
        {
            _queue.Wait(limit, cancellationToken);
        }
    }

    private Task AwaitMessageAsync(TimeSpan? max, CancellationToken cancellationToken)
    {
        if (!KitContext.AdvancesWhileWaiting)
        {
            return _queue.WaitAsync(Limit(max), cancellationToken);
        }

        AwaitMessage(max, cancellationToken);
        return Task.CompletedTask;
    }

    private void StepUntilMessage(TimeSpan max, CancellationToken cancellationToken)
    {
        var scheduler = KitContext.Scheduler!;
        var end = max < TimeSpan.Zero ? TimeSpan.MaxValue : Now + max;
        KitContext.Settle();
        while (!HasMessages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!scheduler.AdvanceToNextDue(end))
            {
                if (max > TimeSpan.Zero)
                {
                    scheduler.Advance(end - Now);
                }

                return;
            }
        }
    }

    private List<object> ReceiveNCore(int numberOfMessages, TimeSpan? max, CancellationToken cancellationToken)
    {
        var wait = new Countdown(this, max);
        var messages = new List<object>(numberOfMessages);
        while (messages.Count < numberOfMessages)
        {
            messages.Add(Take(wait.Left, $"{numberOfMessages} messages, got {messages.Count}", cancellationToken).Message!);
        }

        return messages;
    }

    private List<T> ReceiveWhile<T>(
        Func<object, (bool GoesOn, bool Counts, T Result)> judge, TimeSpan? max, TimeSpan? idle, int msgs, CancellationToken cancellationToken)
    {
        var accepted = new List<T>();
        var stop = Now + Limit(max);
        while (accepted.Count < msgs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = TimeSpan.FromTicks(Math.Max(0, Math.Min((stop - Now).Ticks, (idle ?? TimeSpan.MaxValue).Ticks)));
            if (!TryPeekInTime(left, cancellationToken) || _queue.Peek() is not { } next || judge(next.Message!) is not { GoesOn: true } verdict)
            {
                break;
            }

            Note(_queue.Take());
            if (verdict.Counts)
            {
                accepted.Add(verdict.Result);
            }
        }

        return accepted;
    }

    private MessageEnvelope? Note(MessageEnvelope? envelope)
    {
        if (envelope is not null)
        {
            LastMessage = envelope.Message;
            LastSender = envelope.Sender;
        }

        return envelope;
    }

    /// <summary>One time for several waits, on the clock that they take place on.</summary>
    private sealed class Countdown(MessageReceiver receiver, TimeSpan? max)
    {
        private readonly TimeSpan? _virtualEnd = receiver.KitContext.AdvancesWhileWaiting ? receiver.Now + receiver.Limit(max) : null;
        private readonly TimeSpan _limit = max ?? receiver.RemainingOrWaiting();
        private readonly long _begin = Stopwatch.GetTimestamp();

        public TimeSpan Left
        {
            get
            {
                var left = _virtualEnd - receiver.Now ?? _limit - Stopwatch.GetElapsedTime(_begin);
                return left < TimeSpan.Zero ? TimeSpan.Zero : left;
            }
        }
    }

    private TimeSpan RemainingOrWaiting() => Limit(null);
}

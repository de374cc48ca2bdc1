using System.Diagnostics;
using Xunit;

namespace MeshNode.Actors.TestKit;

/// <summary>
/// Expectations about what one actor, the <see cref="TestActor"/>, receives. Waiting for something takes wall-clock time,
/// with a limit that a slow machine does not reach; waiting for nothing takes virtual time where there is some.
/// </summary>
public abstract class TestKitBase
{
    private readonly ProbeQueue _queue = new();
    private readonly TestKitContext _context;
    private long? _withinDeadline; // Stopwatch ticks

    private protected TestKitBase(TestKitContext context, string? name)
    {
        _context = context;
        var queue = _queue;
        TestActor = context.ProbeParent.Cell.MakeChild(Props.Create(() => new TestActor(queue)), name);
    }

    public ActorSystem Sys => _context.System;

    /// <summary>The actor whose messages are expected.</summary>
    public IActorRef TestActor { get; }

    /// <summary>How long an expectation waits by default; generous, since it is waited in full only by a test that fails.</summary>
    public TimeSpan DefaultTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public object? LastMessage { get; private set; }

    public IActorRef? LastSender { get; private set; }

    public bool HasMessages => _queue.Count > 0;

    private protected TestKitContext KitContext => _context;

    public T ExpectMsg<T>(TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint, static (_, _) => { });

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, hint, (actual, _) => Assert.Equal(message, actual));

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, hint, (actual, _) => Assert.True(isMessage(actual), $"{actual} is not what was expected. {hint}"));

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, hint, (actual, _) => assert(actual));

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, hint, (_, actualSender) => Assert.Equal(sender, actualSender));

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, hint, (actual, actualSender) =>
        {
            Assert.Equal(message, actual);
            Assert.Equal(sender, actualSender);
        });

    /// <summary>All of these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages)
    {
        var received = ReceiveN(messages.Length);
        var missing = messages.Where(message => !received.Any(actual => Equals(message, actual))).ToArray();
        Assert.True(missing.Length == 0, $"Missing {string.Join(", ", missing)} among {string.Join(", ", received)}");
        return [.. received.Cast<T>()];
    }

    /// <summary>One of these.</summary>
    public T ExpectMsgAnyOf<T>(params T[] messages) =>
        Expect<T>(null, null, (actual, _) => Assert.Contains(actual, messages));

    /// <summary>Nothing has come and, the actors having settled, nothing will come without another cause.</summary>
    public void ExpectNoMsg()
    {
        _context.Settle();
        Assert.False(_queue.TryTake(TimeSpan.Zero, out var envelope), $"Expected no message, got {envelope.Message}");
    }

    /// <summary>Nothing comes for so long; with a <see cref="TestScheduler"/> the clock is advanced by it.</summary>
    public void ExpectNoMsg(TimeSpan duration)
    {
        if (_context.Scheduler is { } scheduler)
        {
            scheduler.Advance(duration);
            ExpectNoMsg();
        }
        else
        {
            Assert.False(_queue.TryTake(duration, out var envelope), $"Expected no message within {duration}, got {envelope.Message}");
        }
    }

    public void ExpectNoMsg(int milliseconds) => ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds));

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null) =>
        Expect<Terminated>(timeout, hint, (actual, _) => Assert.Equal(target, actual.ActorRef));

    /// <summary>Passes over messages until one fits.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string? hint = null)
    {
        var begin = Stopwatch.GetTimestamp();
        var limit = max ?? DefaultTimeout;
        while (true)
        {
            var message = Take(limit - Stopwatch.GetElapsedTime(begin), () => $"fishing for {typeof(T).Name} {hint}").Message;
            if (message is T typed && isMessage(typed))
            {
                return typed;
            }
        }
    }

    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string? hint = null) =>
        FishForMessage<object>(isMessage, max, hint);

    /// <summary>The next message, or null when none comes within the time.</summary>
    public object? ReceiveOne(TimeSpan? max = null) => _queue.TryTake(Limit(max), out var envelope) ? Note(envelope).Message : null;

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages) => ReceiveN(numberOfMessages, DefaultTimeout);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max)
    {
        var begin = Stopwatch.GetTimestamp();
        var messages = new List<object>(numberOfMessages);
        while (messages.Count < numberOfMessages)
        {
            messages.Add(Take(
                max - Stopwatch.GetElapsedTime(begin), () => $"{numberOfMessages} messages, got {messages.Count}").Message);
        }

        return messages;
    }

    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => _queue.Ignore(shouldIgnoreMessage);

    public void IgnoreNoMessages() => _queue.Ignore(null);

    /// <summary>Has the test actor watch; <see cref="ExpectTerminated"/> then waits for it.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        TellAndWait(done => new TestActor.WatchFor(actorToWatch, done));
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TellAndWait(done => new TestActor.UnwatchFor(actorToUnwatch, done));
        return actorToUnwatch;
    }

    /// <summary>Repeats an assertion until it holds.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        var begin = Stopwatch.GetTimestamp();
        var limit = Limit(duration);
        using var never = new ManualResetEventSlim();
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(begin) < limit)
            {
                never.Wait(interval ?? TimeSpan.FromMilliseconds(10));
            }
        }
    }

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max = null, string? message = null) =>
        AwaitAssert(() => Assert.True(conditionIsFulfilled(), message ?? "The condition was not fulfilled in time."), max);

    public void Within(TimeSpan max, Action action) => Within(TimeSpan.Zero, max, action);

    /// <summary>An action takes between so long and so long, on the system's clock; expectations within it wait no longer than it has left.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var outer = _withinDeadline;
        var begin = Sys.Scheduler.MonotonicClock;
        if (_context.Scheduler is null)
        {
            var deadline = Stopwatch.GetTimestamp() + (long)(max.TotalSeconds * Stopwatch.Frequency);
            _withinDeadline = Math.Min(deadline, outer ?? long.MaxValue);
        }

        try
        {
            action();
        }
        finally
        {
            _withinDeadline = outer;
        }

        var elapsed = Sys.Scheduler.MonotonicClock - begin;
        Assert.True(elapsed >= min, $"Took {elapsed}, should take at least {min}");
        Assert.True(elapsed <= max, $"Took {elapsed}, should take at most {max}");
    }

    /// <summary>Another actor to expect messages at.</summary>
    public TestProbe CreateTestProbe(string? name = null) => new(_context, name);

    private void TellAndWait(Func<ManualResetEventSlim, object> command)
    {
        using var done = new ManualResetEventSlim();
        TestActor.Tell(command(done), ActorRefs.NoSender);
        Assert.True(done.Wait(DefaultTimeout), "The test actor did not answer.");
    }

    private T Expect<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef> check)
    {
        var envelope = Take(timeout ?? DefaultTimeout, () => $"{typeof(T).Name}. {hint}");
        Assert.True(envelope.Message is T, $"Expected {typeof(T)}, got {envelope.Message.GetType()}: {envelope.Message}. {hint}");
        check((T)envelope.Message, envelope.Sender);
        return (T)envelope.Message;
    }

    private Envelope Take(TimeSpan timeout, Func<string> expected)
    {
        Assert.True(_queue.TryTake(Limit(timeout), out var envelope), $"Timeout while waiting for {expected()}");
        return Note(envelope);
    }

    private Envelope Note(Envelope envelope)
    {
        LastMessage = envelope.Message;
        LastSender = envelope.Sender;
        return envelope;
    }

    private TimeSpan Limit(TimeSpan? timeout)
    {
        var limit = timeout ?? DefaultTimeout;
        if (_withinDeadline is { } deadline)
        {
            var left = TimeSpan.FromSeconds((deadline - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
            limit = left < limit ? left : limit;
        }

        return limit < TimeSpan.Zero ? TimeSpan.Zero : limit;
    }
}

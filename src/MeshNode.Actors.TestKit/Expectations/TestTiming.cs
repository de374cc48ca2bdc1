using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Xunit;

namespace MeshNode.Actors.TestKit;

/// <summary>
/// How long things may take. Owns the deadline that <c>Within</c> sets. Durations are of the system's clock, virtual or
/// real; but waiting for something that must come takes wall-clock time, since virtual time stands still meanwhile.
/// </summary>
public abstract class TestTiming
{
    private static readonly TimeSpan WallInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan VirtualInterval = TimeSpan.FromMilliseconds(100);

    private TimeSpan? _end; // of the innermost Within, on the system's clock

    private protected TestTiming(TestKitContext context)
    {
        KitContext = context;
        DefaultTimeout = context.Settings.SingleExpectDefault;
    }

    public ActorSystem Sys => KitContext.System;

    public TestKitSetup TestKitSettings => KitContext.Settings;

    /// <summary>How long an expectation waits by default; generous, since it is waited in full only by a test that fails.</summary>
    public TimeSpan DefaultTimeout { get; set; }

    /// <summary>The system's clock, since it began.</summary>
    public TimeSpan Now => Sys.Scheduler.MonotonicClock;

    /// <summary>What the innermost <c>Within</c> has left.</summary>
    /// <exception cref="InvalidOperationException">Outside any.</exception>
    public TimeSpan Remaining => _end is { } end ? end - Now : throw new InvalidOperationException("Remaining is only known inside Within.");

    public TimeSpan RemainingOrDefault => RemainingOr(DefaultTimeout);

    private protected TestKitContext KitContext { get; }

    /// <summary>A duration times <see cref="TestKitSetup.TestTimeFactor"/>.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration * TestKitSettings.TestTimeFactor;

    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? DefaultTimeout;

    protected TimeSpan RemainingOr(TimeSpan duration)
    {
        var left = _end - Now ?? duration;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>An action takes between so long and so long, on the system's clock; by the real clock, expectations in it wait no longer than it has left.</summary>
    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        Within(min, max, () => { action(); return true; }, hint, epsilonValue, cancellationToken);
    }

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        cancellationToken.ThrowIfCancellationRequested();
        var (begin, outer) = Enter(max);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = outer;
        }

        CheckElapsed(begin, min, max, hint, epsilonValue);
        return result;
    }

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(
        TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actionAsync);
        return WithinAsync(min, max, async () => { await actionAsync().ConfigureAwait(true); return true; }, hint, epsilonValue, cancellationToken);
    }

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(
        TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        cancellationToken.ThrowIfCancellationRequested();
        var (begin, outer) = Enter(max);
        T result;
        try
        {
            result = await function().ConfigureAwait(true);
        }
        finally
        {
            _end = outer;
        }

        CheckElapsed(begin, min, max, hint, epsilonValue);
        return result;
    }

    /// <summary>Repeats an assertion until it holds.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        Exception? last = null;
        if (!Repeat(Attempt, duration, interval, cancellationToken))
        {
            ExceptionDispatchInfo.Throw(last!);
        }

        bool Attempt()
        {
            try
            {
                assertion();
                return true;
            }
            catch (Exception e)
            {
                last = e;
                return false;
            }
        }
    }

    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        return AwaitAssertAsync(() => { assertion(); return Task.CompletedTask; }, duration, interval, cancellationToken);
    }

    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        Exception? last = null;
        if (!await RepeatAsync(Attempt, duration, interval, cancellationToken).ConfigureAwait(true))
        {
            ExceptionDispatchInfo.Throw(last!);
        }

        async Task<bool> Attempt()
        {
            try
            {
                await assertion().ConfigureAwait(true);
                return true;
            }
            catch (Exception e)
            {
                last = e;
                return false;
            }
        }
    }

    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        Assert.True(Repeat(conditionIsFulfilled, max, interval, cancellationToken), message ?? "The condition was not fulfilled in time.");

    /// <summary>As <c>AwaitCondition</c>, but says by its result whether the condition came true.</summary>
    public bool AwaitConditionNoThrow(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Repeat(conditionIsFulfilled, max, interval, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    public async Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        Assert.True(
            await RepeatAsync(conditionIsFulfilled, max, interval, cancellationToken).ConfigureAwait(true),
            message ?? "The condition was not fulfilled in time.");

    public Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        RepeatAsync(conditionIsFulfilled, max, interval, cancellationToken);

    public Task<bool> AwaitConditionNoThrowAsync(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        RepeatAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, cancellationToken);

    /// <summary>How long a wait may take, by the clock that it takes place on.</summary>
    internal TimeSpan Limit(TimeSpan? timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var bounded = _end is not null && (KitContext.Scheduler is null || KitContext.AdvancesWhileWaiting);
        var left = bounded ? RemainingOr(DefaultTimeout) : DefaultTimeout;
        var limit = timeout is { } given ? Dilated(given) : left;
        return TimeSpan.FromTicks(Math.Max(0, bounded ? Math.Min(left.Ticks, limit.Ticks) : limit.Ticks));
    }

    private (TimeSpan Begin, TimeSpan? Outer) Enter(TimeSpan max)
    {
        var (begin, outer) = (Now, _end);
        var end = begin + Dilated(max);
        _end = outer < end ? outer : end;
        return (begin, outer);
    }

    private void CheckElapsed(TimeSpan begin, TimeSpan min, TimeSpan max, string? hint, TimeSpan? epsilon)
    {
        var elapsed = Now - begin;
        var most = Dilated(max) + (epsilon ?? TimeSpan.Zero);
        Assert.True(elapsed >= min - (epsilon ?? TimeSpan.Zero), $"Took {elapsed}, should take at least {min}. {hint}");
        Assert.True(elapsed <= most, $"Took {elapsed}, should take at most {most}. {hint}");
    }

    private bool Repeat(Func<bool> attempt, TimeSpan? max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var limit = Limit(max);
        var (begin, virtualEnd) = (Stopwatch.GetTimestamp(), Now + limit);
        using var never = new ManualResetEventSlim();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (attempt())
            {
                return true;
            }

            if (KitContext.AdvancesWhileWaiting)
            {
                if (!Step(virtualEnd, interval))
                {
                    return false;
                }
            }
            else if (Stopwatch.GetElapsedTime(begin) >= limit)
            {
                return false;
            }
            else
            {
                never.Wait(interval ?? WallInterval, cancellationToken);
            }
        }
    }

    private async Task<bool> RepeatAsync(Func<Task<bool>> attempt, TimeSpan? max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var limit = Limit(max);
        var (begin, virtualEnd) = (Stopwatch.GetTimestamp(), Now + limit);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await attempt().ConfigureAwait(true))
            {
                return true;
            }

            if (KitContext.AdvancesWhileWaiting)
            {
                if (!Step(virtualEnd, interval))
                {
                    return false;
                }
            }
            else if (Stopwatch.GetElapsedTime(begin) >= limit)
            {
                return false;
            }
            else
            {
                await Task.Delay(interval ?? WallInterval, TimeProvider.System, cancellationToken).ConfigureAwait(true);
            }
        }
    }

    /// <summary>Moves virtual time on by an interval; false when the end has been reached.</summary>
    private bool Step(TimeSpan end, TimeSpan? interval)
    {
        var left = end - Now;
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var step = interval ?? VirtualInterval;
        KitContext.Scheduler!.Advance(step < left ? step : left);
        return true;
    }
}

using Xunit;

namespace MeshNode.Actors.TestKit;

internal sealed class EventFilterApplier(TestKitContext context, TestTiming timing, IReadOnlyList<EventCondition> conditions) : IEventFilterApplier
{
    public EventFilterFactory And => new(context, timing, conditions);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Intercept(1, null, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Intercept(1, null, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, null, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, timeout, action, cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, null, func, cancellationToken);

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(1, null, AsFunction(actionAsync), cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(1, timeout, AsFunction(actionAsync), cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(1, null, func, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, null, AsFunction(actionAsync), cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, timeout, AsFunction(actionAsync), cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, null, func, cancellationToken);

    public IUnmutableFilter Mute() => context.Muted.Add(conditions);

    public void Mute(Action action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        using var muted = Mute();
        action();
    }

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(func);
        using var muted = Mute();
        return func();
    }

    public async Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        using var muted = Mute();
        await action().ConfigureAwait(true);
    }

    private static Func<Task<bool>> AsFunction(Func<Task> action) => async () =>
    {
        await action().ConfigureAwait(true);
        return true;
    };

    private void Intercept(int expected, TimeSpan? timeout, Action action, CancellationToken cancellationToken) =>
        Intercept(expected, timeout, () => { action(); return true; }, cancellationToken);

    private T Intercept<T>(int expected, TimeSpan? timeout, Func<T> func, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(func);
        var counter = Subscribe(expected);
        T result;
        using (Mute())
        {
            try
            {
                result = func();
                context.Settle();
                Wait(counter, expected, timeout, cancellationToken);
            }
            finally
            {
                context.System.EventStream.Unsubscribe(counter);
            }
        }

        Check(counter, expected);
        return result;
    }

    private async Task<T> InterceptAsync<T>(int expected, TimeSpan? timeout, Func<Task<T>> func, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(func);
        var counter = Subscribe(expected);
        T result;
        using (Mute())
        {
            try
            {
                result = await func().ConfigureAwait(true);
                if (expected > 0 && !context.AdvancesWhileWaiting)
                {
                    await Task.WhenAny(counter.Enough, counter.Enough.WaitAsync(Limit(expected, timeout), cancellationToken)).ConfigureAwait(true);
                }

                context.Settle();
                Wait(counter, expected, timeout, cancellationToken);
            }
            finally
            {
                context.System.EventStream.Unsubscribe(counter);
            }
        }

        Check(counter, expected);
        return result;
    }

    private EventCounter Subscribe(int expected)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        var counter = new EventCounter(conditions, expected);
        foreach (var channel in conditions.Select(condition => condition.Channel).Distinct())
        {
            context.System.EventStream.Subscribe(counter, channel);
        }

        return counter;
    }

    private void Wait(EventCounter counter, int expected, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (expected > counter.Count && context.AdvancesWhileWaiting)
        {
            timing.AwaitConditionNoThrow(() => counter.Enough.IsCompleted, timeout ?? timing.DefaultTimeout, null, cancellationToken);
        }
        else if (expected > counter.Count || (context.Scheduler is null && expected == 0))
        {
            counter.Enough.Wait(Limit(expected, timeout), cancellationToken);
            context.Settle();
        }
    }

    /// <summary>None is waited for by the real clock only, and not for long.</summary>
    private TimeSpan Limit(int expected, TimeSpan? timeout) =>
        timeout is null && expected == 0 ? timing.TestKitSettings.ExpectNoMessageDefault : timing.Limit(timeout);

    private void Check(EventCounter counter, int expected) => Assert.True(
        counter.Count == expected,
        $"Expected {expected} fitting events ({string.Join(" or ", conditions)}), got {counter.Count}");
}

using System.Runtime.CompilerServices;
using Xunit;

namespace MeshNode.Actors.TestKit;

/// <summary>What several messages must be, or that none comes.</summary>
public abstract class GroupExpectations : MessageExpectations
{
    private protected GroupExpectations(TestKitContext context, string? name)
        : base(context, name)
    {
    }

    /// <summary>All of these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => AllOf(null, messages, CancellationToken.None);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(null, messages, cancellationToken);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => AllOf(max, messages, CancellationToken.None);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(max, messages, cancellationToken);

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOfAsync(null, messages, cancellationToken);

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOfAsync(max, messages, cancellationToken);

    /// <summary>As many messages as conditions, such that each message fits one and each condition is fitted.</summary>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(params PredicateInfo[] predicates) =>
        ExpectMsgAllOfMatchingPredicates(DefaultTimeout, predicates);

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(TimeSpan max, params PredicateInfo[] predicates)
    {
        ArgumentNullException.ThrowIfNull(predicates);
        var received = ReceiveN(predicates.Length, max);
        var unfitted = predicates.Where(predicate => !received.Any(predicate.Fits)).ToArray();
        Assert.True(unfitted.Length == 0, $"Nothing fits {List(unfitted)} among {List(received)}");
        var unexpected = received.Where(message => !predicates.Any(predicate => predicate.Fits(message))).ToArray();
        Assert.True(unexpected.Length == 0, $"Unexpected: {List(unexpected)}");
        return received;
    }

    /// <summary>One of these.</summary>
    public T ExpectMsgAnyOf<T>(params T[] messages) => ExpectMsgAnyOf((IEnumerable<T>)messages);

    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectMsg<T>(actual => Assert.Contains(actual, messages), cancellationToken: cancellationToken);

    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<T>(actual => Assert.Contains(actual, messages), cancellationToken: cancellationToken);

    /// <summary>
    /// In virtual time: nothing has come and, the actors having settled, nothing will come without another cause. By the
    /// real clock: nothing comes for <see cref="TestKitSetup.ExpectNoMessageDefault"/>.
    /// </summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        ExpectNoMsg(KitContext.Scheduler is null ? RemainingOr(TestKitSettings.ExpectNoMessageDefault) : TimeSpan.Zero, cancellationToken);

    /// <summary>Nothing comes for so long; virtual time goes on by it.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        if (KitContext.Scheduler is { } scheduler)
        {
            scheduler.Advance(Dilated(duration));
        }
        else
        {
            TryPeekInTime(Dilated(duration), cancellationToken);
            KitContext.Settle();
        }

        Assert.False(TryReceiveOne(out var envelope, TimeSpan.Zero, cancellationToken), $"Expected no message within {duration}, got {envelope}");
    }

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        ExpectNoMsg(cancellationToken);
    }

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        ExpectNoMsg(duration, cancellationToken);
    }

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private static string List(IEnumerable<object?> items) => string.Join(", ", items);

    private List<T> AllOf<T>(TimeSpan? max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken) =>
        Complete(ReceiveN(messages.Count, max ?? RemainingOrDefault, cancellationToken), messages);

    private async IAsyncEnumerable<T> AllOfAsync<T>(
        TimeSpan? max, IReadOnlyCollection<T> messages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var received = new List<object>();
        await foreach (var message in ReceiveNAsync(messages.Count, max ?? RemainingOrDefault, cancellationToken).ConfigureAwait(true))
        {
            received.Add(message);
        }

        foreach (var message in Complete(received, messages))
        {
            yield return message;
        }
    }

    private static List<T> Complete<T>(IReadOnlyCollection<object> received, IReadOnlyCollection<T> messages)
    {
        var missing = messages.Where(message => !received.Any(actual => Equals(message, actual))).ToArray();
        Assert.True(missing.Length == 0, $"Missing {List(missing.Cast<object?>())} among {List(received)}");
        var unexpected = received.Where(actual => !messages.Any(message => Equals(message, actual))).ToArray();
        Assert.True(unexpected.Length == 0, $"Unexpected: {List(unexpected)}");
        return [.. received.Cast<T>()];
    }
}

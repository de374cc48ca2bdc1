using Xunit;

namespace MeshNode.Actors.TestKit;

/// <summary>Counts the events that fit while an action runs and its consequences settle.</summary>
public sealed class EventFilterApplier
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly TestKitContext _context;
    private readonly Type _channel;
    private readonly Predicate<object> _fits;

    internal EventFilterApplier(TestKitContext context, Type channel, Predicate<object> fits)
    {
        _context = context;
        _channel = channel;
        _fits = fits;
    }

    public void ExpectOne(Action action) => Expect(1, action);

    public T ExpectOne<T>(Func<T> func)
    {
        var result = default(T)!;
        Expect(1, () => result = func());
        return result;
    }

    /// <summary>Exactly so many.</summary>
    public void Expect(int expectedCount, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        using var enough = new ManualResetEventSlim(expectedCount == 0);
        var counter = new EventCounter(_fits, expectedCount, enough);
        _context.System.EventStream.Subscribe(counter, _channel);
        try
        {
            action();
            enough.Wait(Limit);
            _context.Settle();
        }
        finally
        {
            _context.System.EventStream.Unsubscribe(counter);
        }

        Assert.True(counter.Count == expectedCount, $"Expected {expectedCount} fitting {_channel.Name} events, got {counter.Count}");
    }
}

namespace MeshNode.Persistence.Journal;

/// <summary>Zero, one or more events.</summary>
public sealed class EventSequence : IEventSequence
{
    private EventSequence(IReadOnlyList<object> events) => Events = events;

    /// <summary>The stored event is passed over.</summary>
    public static IEventSequence Empty { get; } = new EventSequence([]);

    public IEnumerable<object> Events { get; }

    public static IEventSequence Single(object e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return new EventSequence([e]);
    }

    public static IEventSequence Create(params object[] events) => new EventSequence([.. events]);

    public static IEventSequence Create(IEnumerable<object> events) => new EventSequence([.. events]);
}

namespace MeshNode.Actors.TestKit;

/// <summary>Which events of the stream are meant.</summary>
internal sealed record EventCondition(Type Channel, Predicate<object> Fits)
{
    public bool Matches(object @event) => Channel.IsInstanceOfType(@event) && Fits(@event);

    public override string ToString() => Channel.Name;
}

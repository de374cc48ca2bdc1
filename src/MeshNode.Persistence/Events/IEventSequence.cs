namespace MeshNode.Persistence.Journal;

/// <summary>The events that one stored event stands for; made by <see cref="EventSequence"/>.</summary>
public interface IEventSequence
{
    IEnumerable<object> Events { get; }
}

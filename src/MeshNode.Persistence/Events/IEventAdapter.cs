namespace MeshNode.Persistence.Journal;

/// <summary>Both directions in one.</summary>
public interface IEventAdapter : IWriteEventAdapter, IReadEventAdapter;

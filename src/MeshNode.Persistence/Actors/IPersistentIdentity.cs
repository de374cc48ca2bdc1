namespace MeshNode.Persistence;

/// <summary>Something that stands in a store.</summary>
public interface IPersistentIdentity
{
    /// <summary>Unique among all that write to one store at a time; 1 to 255 characters, the same in every life.</summary>
    string PersistenceId { get; }
}

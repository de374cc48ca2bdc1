namespace MeshNode.Persistence.Journal;

/// <summary>Turns what is stored, after upcasting, into what actors recover and queries give.</summary>
public interface IReadEventAdapter
{
    /// <param name="evt">Of a registered type.</param>
    /// <param name="manifest">Under which that type is registered.</param>
    IEventSequence FromJournal(object evt, string manifest);
}

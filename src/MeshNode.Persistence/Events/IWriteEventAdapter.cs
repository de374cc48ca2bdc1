namespace MeshNode.Persistence.Journal;

/// <summary>Turns what an actor persists into what is stored.</summary>
public interface IWriteEventAdapter
{
    /// <summary>Akka.NET's; not asked here: the manifest of <see cref="EventTypes"/> is stored.</summary>
    string Manifest(object evt);

    /// <summary>An event of a registered type, or <see cref="Tagged"/> around one. The actor's handler still gets <paramref name="evt"/>.</summary>
    object ToJournal(object evt);
}

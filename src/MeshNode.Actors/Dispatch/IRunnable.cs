namespace MeshNode.Actors;

/// <summary>Something that a dispatcher runs once for each time it is handed over.</summary>
public interface IRunnable
{
    void Run();
}

namespace MeshNode.Actors.TestKit;

/// <summary>Events that are kept out of the test's output; disposing it shows them again.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}

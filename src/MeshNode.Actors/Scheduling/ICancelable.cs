namespace MeshNode.Actors;

public interface ICancelable
{
    bool IsCancellationRequested { get; }

    /// <summary>What is cancelled before it is due does not happen.</summary>
    void Cancel();
}

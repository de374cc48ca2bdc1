namespace MeshNode.Actors;

/// <summary>Nothing but the fact that something is done, where a task must have a result.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }

    public override string ToString() => "Done";
}

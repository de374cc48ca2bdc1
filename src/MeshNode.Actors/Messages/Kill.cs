namespace MeshNode.Actors;

/// <summary>Throws <see cref="ActorKilledException"/> in the actor when its turn in the mailbox comes.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill()
    {
    }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

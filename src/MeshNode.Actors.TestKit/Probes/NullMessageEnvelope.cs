namespace MeshNode.Actors.TestKit;

/// <summary>In place of a message that did not come.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    private NullMessageEnvelope()
    {
    }

    public static NullMessageEnvelope Instance { get; } = new();

    public override object? Message => null;

    public override IActorRef Sender => throw new InvalidOperationException("No message came: there is no sender.");

    public override string ToString() => "<null>";
}

using MeshNode.Actors;
using MeshNode.Mesh.Peers;

namespace MeshNode.Mesh;

/// <summary>
/// The application of a plain node: acknowledges each message once it has taken it, and shows it as an event.
/// </summary>
internal sealed class InboxActor : ReceiveActor
{
    public static Props Props() => Actors.Props.Create(() => new InboxActor());

    public InboxActor()
    {
        Receive<IncomingMessage>(message =>
        {
            Context.System.EventStream.Publish(new MessageTaken(message.From, message.Text));
            Sender.Tell(new AcknowledgeMessage(message.Sequence));
        });
    }
}

/// <summary>Published on the event stream when the application has taken a message.</summary>
/// <param name="From">Whose key the link proved.</param>
/// <param name="Text">What it says; not to be trusted by a terminal as it is.</param>
public sealed record MessageTaken(Identity.PeerId From, string Text);

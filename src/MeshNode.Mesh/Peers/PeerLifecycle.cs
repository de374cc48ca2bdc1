using MeshNode.Actors;
using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// The state that one peer is in, and why: validates each transition, logs it with its cause and publishes it.
/// Touched only by the peer's mailbox.
/// </summary>
internal sealed class PeerLifecycle(PeerId peer, EventStream events, ILoggingAdapter log)
{
    public PeerState State { get; private set; } = PeerState.New;

    public string Cause { get; private set; } = "known";

    /// <summary>Takes a legal transition; false, and nothing happens, when it is not legal.</summary>
    /// <param name="trigger">What happened.</param>
    /// <param name="cause">For people.</param>
    /// <param name="changed">Whether the state is another one now.</param>
    public bool TryMove(PeerTrigger trigger, string cause, out bool changed)
    {
        changed = false;
        if (PeerStateMachine.Next(State, trigger) is not { } next)
        {
            return false;
        }

        var previous = State;
        State = next;
        Cause = cause;
        changed = previous != next;
        if (changed)
        {
            log.Info("Peer {0}: {1} -> {2} ({3})", peer, previous, next, cause);
            events.Publish(new PeerStateChanged(peer, previous, next, trigger, cause));
        }

        return true;
    }

    public override string ToString() => $"{State.ToString().ToLowerInvariant()} ({Cause})";
}

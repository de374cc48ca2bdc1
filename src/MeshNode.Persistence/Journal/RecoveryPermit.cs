using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>One actor's right to recover, asked for or granted; told to the actor when it is granted later.</summary>
internal sealed class RecoveryPermit(RecoveryPermits permits, IActorRef actor) : PersistenceMessage
{
    internal enum PermitState
    {
        Waiting,
        Granted,
        Released,
    }

    public IActorRef Actor { get; } = actor;

    /// <summary>Guarded by <see cref="RecoveryPermits"/>.</summary>
    public PermitState State { get; set; }

    /// <summary>Gives it to the next that waits, or stops waiting. Again is harmless.</summary>
    public void Release() => permits.Release(this);
}

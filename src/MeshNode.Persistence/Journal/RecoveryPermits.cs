using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>Lets so many actors recover at a time, first come first served; a crowd that starts at once does not flood the store.</summary>
internal sealed class RecoveryPermits(int count)
{
    private readonly Lock _lock = new();
    private readonly Queue<RecoveryPermit> _waiting = new();
    private int _free = count;

    /// <summary>Granted at once when one is free, else told to the actor later.</summary>
    public RecoveryPermit Request(IActorRef actor)
    {
        var permit = new RecoveryPermit(this, actor);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                permit.State = RecoveryPermit.PermitState.Granted;
            }
            else
            {
                _waiting.Enqueue(permit);
            }
        }

        return permit;
    }

    public void Release(RecoveryPermit permit)
    {
        RecoveryPermit? next = null;
        lock (_lock)
        {
            var wasGranted = permit.State == RecoveryPermit.PermitState.Granted;
            permit.State = RecoveryPermit.PermitState.Released;
            if (!wasGranted)
            {
                return;
            }

            while (_waiting.TryDequeue(out next) && next.State == RecoveryPermit.PermitState.Released)
            {
                // it gave up
            }

            if (next is { State: RecoveryPermit.PermitState.Waiting })
            {
                next.State = RecoveryPermit.PermitState.Granted;
            }
            else
            {
                next = null;
                _free++;
            }
        }

        next?.Actor.Tell(next, ActorRefs.NoSender);
    }
}

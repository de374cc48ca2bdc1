namespace MeshNode.Actors;

public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Asks an actor to stop and ends with true when it has; is cancelled when that takes longer than the time.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        ArgumentNullException.ThrowIfNull(target);
        var promise = new StopPromise(Futures.SystemOf(target));
        promise.ExpireAfter(timeout);
        var subject = InternalActorRef.Of(target);
        subject.SendSystemMessage(new WatchMessage(subject, promise));
        target.Tell(stopMessage, ActorRefs.NoSender);
        return promise.Stopped;
    }
}

namespace MeshNode.Actors;

public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>
    /// Sends with a temporary sender and gives the first answer. Fails with <see cref="AskTimeoutException"/>, with the
    /// cause of a <see cref="Status.Failure"/>, or with <see cref="ArgumentException"/> when the answer is of another type.
    /// </summary>
    /// <param name="timeout">On the system's scheduler; null for the system's <see cref="ActorSystemSetup.AskTimeout"/>.</param>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var system = SystemOf(self);
        var limit = timeout ?? system.Settings.AskTimeout;
        var promise = new AskPromise<T>(system, message, self, limit);
        promise.ExpireAfter(limit);
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.Register(() => promise.Cancel(cancellationToken));
            promise.Answer.ContinueWith(_ => registration.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        self.Tell(message, promise);
        return promise.Answer;
    }

    internal static ActorSystemImpl SystemOf(ICanTell receiver) => receiver switch
    {
        InternalActorRef { System: { } system } => system,
        ActorSelection selection => selection.System,
        IActorRefWrapper { Wrapped.System: { } system } => system,
        _ => throw new ArgumentException($"{receiver} belongs to no actor system.", nameof(receiver)),
    };
}

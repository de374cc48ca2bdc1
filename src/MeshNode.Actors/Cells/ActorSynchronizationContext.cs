namespace MeshNode.Actors;

/// <summary>
/// Brings what follows an <c>await</c> in an actor's handler back into that actor, as system messages. Belongs to one
/// incarnation: what an earlier one left unfinished never runs in a later one.
/// </summary>
internal sealed class ActorSynchronizationContext(ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => cell.Self.SendSystemMessage(new AsyncContinuation(this, d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An actor cannot be called synchronously: tell it.");

    public override SynchronizationContext CreateCopy() => this;

    public void Observe(Task task) =>
        task.ContinueWith(
            static (completed, state) =>
            {
                var (context, owner) = ((ActorSynchronizationContext, LocalActorRef))state!;
                owner.SendSystemMessage(new AsyncCompleted(context, completed));
            },
            (this, cell.Self),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}

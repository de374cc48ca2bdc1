namespace MeshNode.Actors;

internal sealed class StopPromise(ActorSystemImpl system) : PromiseActorRef(system)
{
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Stopped => _completion.Task;

    protected override bool IsCompleted => _completion.Task.IsCompleted;

    protected override bool TryTake(object message) => message is Terminated && _completion.TrySetResult(true);

    protected override void Expire() => _completion.TrySetCanceled();
}

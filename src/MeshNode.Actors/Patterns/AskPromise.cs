namespace MeshNode.Actors;

internal sealed class AskPromise<T>(ActorSystemImpl system, object question, ICanTell receiver, TimeSpan timeout) : PromiseActorRef(system)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _completion.Task;

    protected override bool IsCompleted => _completion.Task.IsCompleted;

    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);

    protected override bool TryTake(object message) => message switch
    {
        T answer => _completion.TrySetResult(answer),
        Status.Failure failure => _completion.TrySetException(failure.Cause),
        _ => _completion.TrySetException(new ArgumentException(
            $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
    };

    protected override void Expire() => _completion.TrySetException(new AskTimeoutException(
        $"Timeout after {timeout} seconds: {receiver} did not answer {question.GetType()}".Replace(" seconds", string.Empty, StringComparison.Ordinal)));
}

namespace MeshNode.Actors;

/// <summary>Brings a task's result back as a message: the way for an actor to wait without blocking.</summary>
public static class PipeToSupport
{
    /// <param name="success">Makes the message of the result; the result itself when null.</param>
    /// <param name="failure">Makes the message of the exception; <see cref="Status.Failure"/> when null.</param>
    public static Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        return Pipe(taskToPipe, recipient, sender, result => success is null ? result! : success(result), failure);
    }

    /// <summary>Without <paramref name="success"/> only a failure is told.</summary>
    public static Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        return Pipe(Done(taskToPipe), recipient, sender, _ => success?.Invoke(), failure);
    }

    private static async Task<bool> Done(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    private static async Task Pipe<T>(
        Task<T> task, ICanTell recipient, IActorRef? sender, Func<T, object?> success, Func<Exception, object>? failure)
    {
        object? message;
        try
        {
            message = success(await task.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            message = failure is null ? new Status.Failure(e) : failure(e);
        }

        if (message is not null)
        {
            recipient.Tell(message, sender);
        }
    }
}

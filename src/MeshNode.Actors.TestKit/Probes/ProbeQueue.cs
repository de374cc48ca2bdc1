using System.Diagnostics;

namespace MeshNode.Actors.TestKit;

/// <summary>What a probe has received and its test has not looked at yet.</summary>
internal sealed class ProbeQueue
{
    private readonly Queue<MessageEnvelope> _messages = new();
    private TaskCompletionSource? _arrival; // for those that wait without a thread
    private Func<object, bool>? _ignore;

    public int Count
    {
        get
        {
            lock (_messages)
            {
                return _messages.Count;
            }
        }
    }

    public void Ignore(Func<object, bool>? ignore)
    {
        lock (_messages)
        {
            _ignore = ignore;
        }
    }

    public void Add(MessageEnvelope envelope)
    {
        TaskCompletionSource? arrival = null;
        lock (_messages)
        {
            if (_ignore is null || !_ignore(envelope.Message!))
            {
                _messages.Enqueue(envelope);
                Monitor.PulseAll(_messages);
                (arrival, _arrival) = (_arrival, null);
            }
        }

        arrival?.SetResult();
    }

    public MessageEnvelope? Take()
    {
        lock (_messages)
        {
            return _messages.TryDequeue(out var envelope) ? envelope : null;
        }
    }

    public MessageEnvelope? Peek()
    {
        lock (_messages)
        {
            return _messages.TryPeek(out var envelope) ? envelope : null;
        }
    }

    /// <summary>Waits for a message as long as that; infinite is allowed.</summary>
    public void Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var wake = cancellationToken.Register(() =>
        {
            lock (_messages)
            {
                Monitor.PulseAll(_messages);
            }
        });
        var begin = Stopwatch.GetTimestamp();
        lock (_messages)
        {
            while (_messages.Count == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var left = timeout == Timeout.InfiniteTimeSpan ? timeout : timeout - Stopwatch.GetElapsedTime(begin);
                if ((timeout != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero) || !Monitor.Wait(_messages, left))
                {
                    return;
                }
            }
        }
    }

    /// <inheritdoc cref="Wait"/>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task arrival;
        lock (_messages)
        {
            if (_messages.Count > 0)
            {
                return;
            }

            arrival = (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        try
        {
            await arrival.WaitAsync(timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }
}

using System.Diagnostics;

namespace MeshNode.Actors.TestKit;

/// <summary>What a probe has received and its test has not looked at yet.</summary>
internal sealed class ProbeQueue
{
    private readonly Queue<Envelope> _messages = new();
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

    public void Add(Envelope envelope)
    {
        lock (_messages)
        {
            if (_ignore is null || !_ignore(envelope.Message))
            {
                _messages.Enqueue(envelope);
                Monitor.PulseAll(_messages);
            }
        }
    }

    /// <summary>Takes the oldest, waiting for it as long as <paramref name="timeout"/>.</summary>
    public bool TryTake(TimeSpan timeout, out Envelope envelope)
    {
        var begin = Stopwatch.GetTimestamp();
        lock (_messages)
        {
            while (_messages.Count == 0)
            {
                var left = timeout - Stopwatch.GetElapsedTime(begin);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_messages, left))
                {
                    envelope = default;
                    return _messages.TryDequeue(out envelope);
                }
            }

            envelope = _messages.Dequeue();
            return true;
        }
    }
}

using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>
/// Groups the writes of all actors: while one transaction commits, the next one gathers. What an actor submits stays
/// together, and an actor submits again only after its answer, so that nothing of it is ever written out of order and what
/// waits here is bounded by the number of actors. One loop runs while there is something to write, and none else.
/// </summary>
internal sealed class EventBatcher(IEventStore store, Task storeStarted, PersistenceSettings settings, CommitSignals signals, Action<Action> start)
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingWrite> _waiting = new(); // heads of submissions
    private readonly List<PendingWrite> _batch = []; // heads; touched by the loop, as is all below
    private readonly List<AtomicWrite> _writes = [];
    private readonly List<(long Target, TaskCompletionSource Done)> _barriers = []; // guarded by the lock
    private long _submitted; // guarded by the lock
    private long _answered; // guarded by the lock
    private bool _isRunning; // guarded by the lock

    /// <summary>Takes a chain of writes of one actor, in order; each is told back to the actor.</summary>
    public void Submit(PendingWrite first)
    {
        lock (_lock)
        {
            _submitted++;
            _waiting.Enqueue(first);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        start(() => _ = RunAsync());
    }

    /// <summary>Ends when all that has been submitted until now is answered: a reader then sees all of it that was written.</summary>
    public Task WhenAnswered()
    {
        lock (_lock)
        {
            if (_answered == _submitted)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _barriers.Add((_submitted, done));
            return done.Task;
        }
    }

    private async Task RunAsync()
    {
        while (Gather())
        {
            WriteResult[] results = [];
            Exception? failure = null;
            try
            {
                await storeStarted.ConfigureAwait(false);
                if (_writes.Count > 0)
                {
                    results = await store.WriteAsync(_writes, CancellationToken.None).ConfigureAwait(false);
                    if (results.Length != _writes.Count)
                    {
                        throw new InvalidOperationException($"{store.GetType()} gave {results.Length} results for {_writes.Count} writes.");
                    }
                }
            }
            catch (Exception e)
            {
                failure = e;
            }

            Answer(results, failure);
        }
    }

    /// <summary>Takes what fits into one transaction; false when there is nothing, and the loop ends.</summary>
    private bool Gather()
    {
        _batch.Clear();
        _writes.Clear();
        lock (_lock)
        {
            long events = 0;
            long bytes = 0;
            while (_waiting.TryPeek(out var first))
            {
                var (moreEvents, moreBytes) = Measure(first);
                if (_batch.Count > 0 && (events + moreEvents > settings.MaxBatchEvents || bytes + moreBytes > settings.MaxBatchBytes))
                {
                    break;
                }

                events += moreEvents;
                bytes += moreBytes;
                _batch.Add(_waiting.Dequeue());
            }

            _isRunning = _batch.Count > 0;
        }

        foreach (var first in _batch)
        {
            for (var write = first; write is not null; write = write.Next)
            {
                if (write.Write is { } atomic)
                {
                    _writes.Add(atomic);
                }
            }
        }

        return _batch.Count > 0;
    }

    private static (long Events, long Bytes) Measure(PendingWrite first)
    {
        long events = 0;
        long bytes = 0;
        for (var write = first; write is not null; write = write.Next)
        {
            events += write.Write?.Events.Count ?? 0;
            bytes += write.Size;
        }

        return (events, bytes);
    }

    private void Answer(WriteResult[] results, Exception? failure)
    {
        if (failure is null && _writes.Count > 0)
        {
            signals.Committed(_writes, results);
        }

        var index = 0;
        foreach (var first in _batch)
        {
            for (var write = first; write is not null;)
            {
                var next = write.Next; // the actor owns it again once it is told
                if (write.Write is not null)
                {
                    Set(write, failure is null ? results[index] : default, failure);
                    index++;
                }

                write.Self.Tell(write, write.Sender);
                write = next;
            }
        }

        lock (_lock)
        {
            _answered += _batch.Count;
            for (var last = _barriers.Count - 1; last >= 0; last--)
            {
                if (_barriers[last].Target <= _answered)
                {
                    _barriers[last].Done.SetResult();
                    _barriers.RemoveAt(last);
                }
            }
        }
    }

    private static void Set(PendingWrite write, WriteResult result, Exception? failure)
    {
        if (failure is not null)
        {
            write.Refuse(WriteOutcome.Written, failure);
        }
        else if (result.Outcome != WriteOutcome.Written)
        {
            write.Refuse(result.Outcome, CauseOf(write, result));
        }
    }

    private static AkkaException CauseOf(PendingWrite write, WriteResult result)
    {
        var text = $"Events {write.FirstSequenceNr} to {write.FirstSequenceNr + write.Events.Count - 1} of [{write.Write!.PersistenceId}] were not written: {result.Reason ?? "no reason given"}";
        return result.Outcome switch
        {
            WriteOutcome.Fenced => new FencedException(text),
            WriteOutcome.SequenceTaken => new SequenceNumberTakenException(text),
            _ => new WriteRejectedException(text),
        };
    }
}

using System.Diagnostics;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>
/// Everything that one peer reported, in order. A wait takes the first event that fits and that no wait took before,
/// so that two messages alike are told apart; a wait in vain fails with the whole log. Safe for several threads.
/// </summary>
public sealed class EventLog(string owner)
{
    private readonly Lock _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<string> _history = [];
    private readonly List<PeerEvent> _untaken = [];
    private readonly List<(Func<PeerEvent, bool> Fits, TaskCompletionSource<PeerEvent> Result)> _waits = [];

    public void Add(PeerEvent reported)
    {
        TaskCompletionSource<PeerEvent>? waiting = null;
        lock (_gate)
        {
            _history.Add(Stamped(reported.ToString()));
            var index = _waits.FindIndex(wait => wait.Fits(reported));
            if (index < 0)
            {
                _untaken.Add(reported);
            }
            else
            {
                waiting = _waits[index].Result;
                _waits.RemoveAt(index);
            }
        }

        waiting?.SetResult(reported);
    }

    /// <summary>A line for the log alone, which no wait takes.</summary>
    public void Note(string line)
    {
        lock (_gate)
        {
            _history.Add(Stamped(line));
        }
    }

    /// <exception cref="TimeoutException">Nothing that fits within <paramref name="limit"/>; the message holds the log.</exception>
    public async Task<PeerEvent> TakeAsync(string expected, Func<PeerEvent, bool> fits, TimeSpan limit)
    {
        var result = new TaskCompletionSource<PeerEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var index = _untaken.FindIndex(reported => fits(reported));
            if (index >= 0)
            {
                var taken = _untaken[index];
                _untaken.RemoveAt(index);
                return taken;
            }

            _waits.Add((fits, result));
        }

        try
        {
            return await result.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{owner} did not report {expected} within {limit.TotalSeconds} s.{Environment.NewLine}{this}");
        }
    }

    /// <summary>Takes what fits of all that was reported so far, in order.</summary>
    public IReadOnlyList<PeerEvent> TakeAll(Func<PeerEvent, bool> fits)
    {
        lock (_gate)
        {
            var taken = _untaken.Where(fits).ToList();
            _untaken.RemoveAll(reported => fits(reported));
            return taken;
        }
    }

    /// <summary>True when an event that fits was reported and not taken.</summary>
    public bool HasUntaken(Func<PeerEvent, bool> fits)
    {
        lock (_gate)
        {
            return _untaken.Exists(reported => fits(reported));
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join(Environment.NewLine, _history);
        }
    }

    /// <summary>With milliseconds since the peer was started.</summary>
    private string Stamped(string line) => $"  [{owner} {Stopwatch.GetElapsedTime(_started).TotalMilliseconds,8:0.0}] {line}";
}

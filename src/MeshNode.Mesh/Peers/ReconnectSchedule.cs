using MeshNode.Rtc;

namespace MeshNode.Mesh.Peers;

/// <summary>How a lost peer is brought back (SPEC §1.7).</summary>
public sealed record ReconnectOptions
{
    /// <summary>ICE restarts tried before a new connection; 0 or more.</summary>
    public int IceRestarts { get; init; } = 2;

    /// <summary>Time that one ICE restart gets.</summary>
    public TimeSpan IceRestartInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>New connections tried before the peer is failed; 0 or more.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Delay before the first new connection; doubles with each.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A random 0 to this is added to each delay, so that peers that lost the same node do not return at once.</summary>
    public TimeSpan MaximumJitter { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What to try next.</summary>
public enum ReconnectStep
{
    IceRestart,
    NewConnection,
    GiveUp,
}

/// <summary>Counts attempts and computes delays: 1, 2, 4, 8, 16, 30 s plus jitter. Owned by one peer.</summary>
public sealed class ReconnectSchedule(ReconnectOptions options, RandomSource jitter)
{
    private int _iceRestarts;
    private int _attempts;

    /// <summary>Number of the new connection that is being tried, from 1; 0 before the first.</summary>
    public int Attempt => _attempts;

    /// <summary>Takes the next step and the delay before it.</summary>
    /// <param name="connectionAlive">False when DTLS or SCTP has ended, which an ICE restart cannot mend.</param>
    public (ReconnectStep Step, TimeSpan Delay) Next(bool connectionAlive)
    {
        if (connectionAlive && _iceRestarts < options.IceRestarts && _attempts == 0)
        {
            _iceRestarts++;
            return (ReconnectStep.IceRestart, TimeSpan.Zero);
        }

        if (_attempts >= options.Attempts)
        {
            return (ReconnectStep.GiveUp, TimeSpan.Zero);
        }

        var delay = options.InitialDelay * Math.Pow(2, Math.Min(_attempts, 30));
        _attempts++;
        delay = delay < options.MaximumDelay ? delay : options.MaximumDelay;
        return (ReconnectStep.NewConnection, delay + options.MaximumJitter * jitter.NextDouble());
    }

    /// <summary>The peer is connected again: the next loss starts from the beginning.</summary>
    public void Reset()
    {
        _iceRestarts = 0;
        _attempts = 0;
    }
}

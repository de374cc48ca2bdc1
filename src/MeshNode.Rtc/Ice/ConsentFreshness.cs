namespace MeshNode.Rtc.Ice;

/// <summary>
/// RFC 7675 for the selected pair: checks every 4 to 6 s, each sent once; consent expires 30 s after the last answer.
/// Silence after a check is noticed earlier, as the W3C state "disconnected". While a check is unanswered the next one, of a
/// transaction of its own, goes out after a second: at one loss in five each way, six checks in 30 s would all fail
/// about once in an hour.
/// </summary>
internal sealed class ConsentFreshness(IceAgentConfiguration configuration, RandomSource jitter)
{
    private const int GridsPerInterval = 50; // 100 ms of 5 s

    private MonotonicTime? _unansweredSince;
    private MonotonicTime _regularCheck; // when the next is due if the last one is answered

    public MonotonicTime? NextCheck { get; private set; }

    public MonotonicTime? Expiry { get; private set; }

    /// <summary>A check has been unanswered for too long and nothing was heard since.</summary>
    public bool IsSilent { get; private set; }

    public MonotonicTime? NextTimeout => MonotonicTime.Earliest(MonotonicTime.Earliest(NextCheck, Expiry), SilenceDeadline);

    private MonotonicTime? SilenceDeadline => IsSilent ? null : _unansweredSince + configuration.DisconnectedTimeout;

    /// <param name="now">When the pair was selected.</param>
    /// <param name="lastResponse">When it last answered: consent counts from there.</param>
    public void Start(MonotonicTime now, MonotonicTime lastResponse)
    {
        Expiry = lastResponse + configuration.ConsentTimeout;
        _unansweredSince = null;
        IsSilent = false;
        NextCheck = _regularCheck = After(now, configuration.ConsentInterval);
    }

    public void Stop() => (NextCheck, Expiry, _unansweredSince, IsSilent) = (null, null, null, false);

    public void OnCheckSent(MonotonicTime now)
    {
        _unansweredSince ??= now;
        _regularCheck = After(now, configuration.ConsentInterval);
        NextCheck = After(now, configuration.ConsentRetryInterval);
    }

    /// <summary>A valid answer to one of our checks on the pair: consent is fresh.</summary>
    public void OnResponse(MonotonicTime now)
    {
        Expiry = now + configuration.ConsentTimeout;
        NextCheck = _regularCheck;
        OnHeard();
    }

    /// <summary>A valid check of the far side: it lives, though that is no consent.</summary>
    public void OnHeard() => (_unansweredSince, IsSilent) = (null, false);

    public bool HasExpired(MonotonicTime now) => Expiry <= now;

    /// <summary>Updates <see cref="IsSilent"/>; true at the moment it becomes so.</summary>
    public bool BecomesSilent(MonotonicTime now)
    {
        if (!(SilenceDeadline <= now))
        {
            return false;
        }

        IsSilent = true;
        return true;
    }

    /// <summary>
    /// §5.1: "each interval MUST be randomized from between 0.8 and 1.2 times the basic period". Within that it is rounded to
    /// a grid that all connections share: thousands of idle ones then wake their loop some ten times a second, and their
    /// checks, and the answers to them, travel in batches.
    /// </summary>
    private MonotonicTime After(MonotonicTime now, TimeSpan period)
    {
        var due = (now + (period * (0.8 + (0.4 * jitter.NextDouble())))).Ticks;
        var grid = configuration.ConsentInterval.Ticks / GridsPerInterval;
        if (grid == 0)
        {
            return new MonotonicTime(due);
        }

        // Down, or up where that would be less than 0.8 of the period.
        var rounded = due - (due % grid);
        return new MonotonicTime(rounded - now.Ticks < (period * 0.8).Ticks ? rounded + grid : rounded);
    }
}

namespace MeshNode.Rtc.Ice;

/// <summary>
/// RFC 7675 for the selected pair: checks every 4 to 6 s, each sent once; consent expires 30 s after the last answer.
/// Silence after a check is noticed earlier, as the W3C state "disconnected". While a check is unanswered the next one, of a
/// transaction of its own, goes out after a second: at one loss in five each way, six checks in 30 s would all fail
/// about once in an hour.
/// </summary>
internal sealed class ConsentFreshness(IceAgentConfiguration configuration, RandomSource jitter)
{
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
        NextCheck = _regularCheck = now + Spread(configuration.ConsentInterval);
    }

    public void Stop() => (NextCheck, Expiry, _unansweredSince, IsSilent) = (null, null, null, false);

    public void OnCheckSent(MonotonicTime now)
    {
        _unansweredSince ??= now;
        _regularCheck = now + Spread(configuration.ConsentInterval);
        NextCheck = now + Spread(configuration.ConsentRetryInterval);
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

    // §5.1: "each interval MUST be randomized from between 0.8 and 1.2 times the basic period".
    private TimeSpan Spread(TimeSpan period) => period * (0.8 + (0.4 * jitter.NextDouble()));
}

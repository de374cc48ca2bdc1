namespace MeshNode.Rtc.Ice;

/// <summary>The pair that carries data, with its consent and round-trip time.</summary>
internal sealed class IceSelection(IceAgentConfiguration configuration, RandomSource jitter)
{
    public CandidatePair? Pair { get; private set; }

    /// <summary>When the pair was chosen.</summary>
    public MonotonicTime Since { get; private set; }

    public ConsentFreshness Consent { get; } = new(configuration, jitter);

    public RoundTripEstimate RoundTrip { get; } = new();

    public void Choose(MonotonicTime now, CandidatePair pair)
    {
        if (Pair == pair)
        {
            return;
        }

        if (Pair is not null)
        {
            RoundTrip.Reset(); // before the first pair, the estimate is of that pair already
        }

        Pair = pair;
        Since = now;
        Consent.Start(now, pair.LastResponse ?? now);
    }

    public void Clear()
    {
        Pair = null;
        Consent.Stop();
        RoundTrip.Reset();
    }
}

namespace MeshNode.Rtc.Ice;

/// <summary>What the controlling agent nominates and when, RFC 8445 §8.1.1; pure decisions over a generation's state.</summary>
internal static class Nomination
{
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// RFC 8445 nominates a pair after it has succeeded. The first check of a pair carries USE-CANDIDATE already when
    /// waiting could not change the choice: the pair is direct, best of all, and no other is being nominated. Such a
    /// pair would be nominated the moment it succeeds; this saves that round trip, and RFC 5245 receivers and
    /// RFC 8445 ones (§7.3.1.5 keeps the flag until their own check succeeds) both take it.
    /// </summary>
    public static bool IsDueWithFirstCheck(CandidatePair pair, IceAgentConfiguration configuration)
    {
        if (!configuration.NominatesBestPairAtOnce || !pair.IsDirect)
        {
            return false;
        }

        foreach (var other in pair.Generation.Checks.Pairs)
        {
            if (other == pair)
            {
                continue;
            }

            if (other.IsNominated
                || (other.State != CandidatePairState.Failed && (other.WantsNomination || other.Priority > pair.Priority)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The valid pair to nominate now; otherwise null, and when to look again.</summary>
    public static CandidatePair? Choose(
        MonotonicTime now, IceGeneration generation, IceAgentConfiguration configuration, out MonotonicTime? lookAgain)
    {
        lookAgain = null;
        var checks = generation.Checks;
        if (checks.HasNominated || checks.BestValid is not { } best || best.WantsNomination)
        {
            return null;
        }

        if (MayBeBettered(best))
        {
            lookAgain = generation.FirstValidAt + configuration.NominationPatience;
            if (now < lookAgain)
            {
                return null;
            }
        }

        lookAgain = null;
        return best;
    }

    /// <summary>
    /// RFC 5245 §8.1.1.2, whose agents may nominate several pairs: the one of greatest priority counts. But the two sides
    /// may rank pairs differently while a peer-reflexive candidate stands for one not signalled yet; so once a selection
    /// has settled the latest nomination counts, and the controlling side repeats its own with every consent check.
    /// </summary>
    public static bool IsOutranked(CandidatePair pair, CandidatePair selected, TimeSpan selectedFor) =>
        selectedFor < SettlingTime && selected.IsNominated && selected != pair && selected.Generation == pair.Generation
        && selected.Priority > pair.Priority;

    private static bool MayBeBettered(CandidatePair best)
    {
        foreach (var pair in best.Generation.Checks.Pairs)
        {
            if (pair == best)
            {
                break; // greatest priority first: the others are worse
            }

            if (pair.State is CandidatePairState.Frozen or CandidatePairState.Waiting or CandidatePairState.InProgress)
            {
                return true;
            }
        }

        return !best.IsDirect && !best.Generation.IsRemoteComplete;
    }
}

namespace MeshNode.Rtc.Sockets;

/// <summary>
/// Decides whether a loop looks for a while before it sleeps. Being woken costs tens of microseconds on both sides, so
/// that looking pays while whatever comes next comes soon. Where it is in vain it ends after two waits, and each time that
/// it has not paid it takes twice as many short waits to begin again: on a busy machine the far side may be waiting for the
/// very processor that looks. An idle loop never begins.
/// </summary>
/// <param name="limit">How long to look at most; zero: never.</param>
internal sealed class SpinPolicy(TimeSpan limit)
{
    private const int LeastEvidence = 4;
    private const int MostEvidence = 4096;

    /// <summary>Waits met by looking that prove that it pays.</summary>
    private const int Proof = 64;

    /// <summary>A wait in vain weighs as much as this many that were met.</summary>
    private const int MissWeight = 4;

    private int _evidence; // short sleeps in a row
    private int _needed = LeastEvidence;
    private int _met; // since looking began
    private int _doubt;
    private bool _isLooking;

    /// <summary>How long to look before the next sleep; zero: sleep at once.</summary>
    public TimeSpan Budget => _isLooking ? limit : TimeSpan.Zero;

    /// <param name="waited">From the beginning of a wait, looking included, to its end.</param>
    /// <param name="slept">The thread had to be woken.</param>
    public void Record(TimeSpan waited, bool slept)
    {
        if (_isLooking)
        {
            Judge(met: !slept);
        }
        else if (limit > TimeSpan.Zero && waited <= limit + limit) // of which the wake-up is about half
        {
            _isLooking = ++_evidence >= _needed;
        }
        else
        {
            _evidence = 0;
        }
    }

    private void Judge(bool met)
    {
        _met += met ? 1 : 0;
        _doubt = met ? Math.Max(0, _doubt - 1) : _doubt + MissWeight;
        if (_met >= Proof)
        {
            _needed = LeastEvidence;
        }

        if (_doubt >= 2 * MissWeight)
        {
            _needed = _met >= Proof ? LeastEvidence : Math.Min(2 * _needed, MostEvidence);
            (_isLooking, _met, _doubt, _evidence) = (false, 0, 0, 0);
        }
    }
}

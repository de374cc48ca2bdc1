namespace MeshNode.Rtc.Sockets;

/// <summary>
/// Decides whether a loop looks for a while before it sleeps. Being woken costs tens of microseconds on both sides, so
/// that looking pays while whatever comes next comes soon; two waits in vain end it, and an idle loop never begins.
/// </summary>
/// <param name="limit">How long to look at most; zero: never.</param>
internal sealed class SpinPolicy(TimeSpan limit)
{
    private const int Enough = 4; // short waits in a row until looking begins
    private const int Certain = 8;

    private int _confidence;

    /// <summary>How long to look before the next sleep; zero: sleep at once.</summary>
    public TimeSpan Budget => _confidence >= Enough ? limit : TimeSpan.Zero;

    /// <param name="waited">From the beginning of a wait, looking included, to its end.</param>
    /// <param name="slept">The kernel was asked to wake the thread, which is part of the time.</param>
    public void Record(TimeSpan waited, bool slept)
    {
        // A wake-up takes about as long as looking is worth: a sleep of twice the limit would have been met by looking.
        var isShort = waited <= (slept && _confidence < Enough ? limit + limit : limit);
        _confidence = isShort && limit > TimeSpan.Zero ? Math.Min(_confidence + 1, Certain) : _confidence / 2;
    }
}

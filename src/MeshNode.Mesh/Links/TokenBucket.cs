using MeshNode.Rtc;

namespace MeshNode.Mesh.Links;

/// <summary>
/// A budget that refills at a steady rate up to a burst. Starts full. Used from one thread.
/// </summary>
/// <param name="ratePerSecond">Tokens a second, more than 0.</param>
/// <param name="burst">Tokens that it holds, 1 or more.</param>
public sealed class TokenBucket(double ratePerSecond, double burst)
{
    private readonly double _burst = burst;
    private double _tokens = burst;
    private MonotonicTime? _refilled;

    /// <summary>Takes tokens if there are enough; otherwise takes none and returns false.</summary>
    public bool TryTake(MonotonicTime now, double tokens = 1)
    {
        if (_refilled is { } last && now > last)
        {
            _tokens = Math.Min(_burst, _tokens + ((now - last).TotalSeconds * ratePerSecond));
        }

        _refilled = _refilled is { } before && before > now ? before : now;
        if (_tokens < tokens)
        {
            return false;
        }

        _tokens -= tokens;
        return true;
    }
}

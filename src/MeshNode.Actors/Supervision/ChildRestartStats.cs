namespace MeshNode.Actors;

/// <summary>How often a child was restarted of late. Touched by the parent's run.</summary>
public sealed class ChildRestartStats
{
    private TimeSpan? _windowStart;

    internal ChildRestartStats(IActorRef child) => Child = child;

    public IActorRef Child { get; }

    public int MaxNrOfRetriesCount { get; private set; }

    /// <summary>Counts one more restart.</summary>
    /// <param name="maxNrOfRetries">-1 for no limit.</param>
    /// <param name="withinTimeRange">The window that the limit is for; zero or less for all time.</param>
    /// <param name="now">On the scheduler's clock.</param>
    /// <returns>False when it would be one too many.</returns>
    internal bool RequestRestartPermission(int maxNrOfRetries, TimeSpan withinTimeRange, TimeSpan now)
    {
        if (maxNrOfRetries == 0)
        {
            return false;
        }

        if (withinTimeRange <= TimeSpan.Zero)
        {
            MaxNrOfRetriesCount++;
            return maxNrOfRetries < 0 || MaxNrOfRetriesCount <= maxNrOfRetries;
        }

        _windowStart ??= now;
        if (now - _windowStart <= withinTimeRange)
        {
            MaxNrOfRetriesCount++;
            return MaxNrOfRetriesCount <= Math.Max(1, maxNrOfRetries); // a window without a number means one, as in Akka
        }

        MaxNrOfRetriesCount = 1;
        _windowStart = now;
        return true;
    }
}

namespace MeshNode.Actors;

public interface IScheduler : ITellScheduler
{
    /// <summary>Wall-clock time, for display.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since the scheduler began; never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    IAdvancedScheduler Advanced { get; }
}

namespace MeshNode.Actors;

/// <summary>Treats all children as the one that failed.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    /// <param name="maxNrOfRetries">Restarts within the window before all are stopped; null or -1 for no limit.</param>
    /// <param name="withinTimeRange">The window; null for all time.</param>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled = true)
        : base(decider, loggingEnabled)
    {
        MaxNumberOfRetries = maxNrOfRetries ?? -1;
        WithinTimeRange = withinTimeRange ?? TimeSpan.Zero;
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Actors.Decider.From(localOnlyDecider))
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : this(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), decider, loggingEnabled)
    {
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled)
        : this(null, null, Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(IDecider decider)
        : this(null, null, decider)
    {
    }

    public int MaxNumberOfRetries { get; }

    public TimeSpan WithinTimeRange { get; }

    /// <summary>-1 for all time.</summary>
    public int WithinTimeRangeMilliseconds => WithinTimeRange > TimeSpan.Zero ? (int)WithinTimeRange.TotalMilliseconds : -1;

    internal override void ProcessFailure(
        ActorCell cell, bool restart, LocalActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> all)
    {
        var now = cell.SystemImpl.Scheduler.MonotonicClock;
        if (restart && all.All(each => each.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRange, now)))
        {
            foreach (var each in all)
            {
                RestartChild(each.Child, cause, suspendFirst: !ReferenceEquals(each.Child, child));
            }
        }
        else
        {
            foreach (var each in all)
            {
                cell.Stop(each.Child);
            }
        }
    }
}

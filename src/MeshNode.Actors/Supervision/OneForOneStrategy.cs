namespace MeshNode.Actors;

/// <summary>Treats only the child that failed.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    /// <param name="maxNrOfRetries">Restarts within the window before the child is stopped; null or -1 for no limit.</param>
    /// <param name="withinTimeRange">The window; null for all time.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled = true)
        : base(decider, loggingEnabled)
    {
        MaxNumberOfRetries = maxNrOfRetries ?? -1;
        WithinTimeRange = withinTimeRange ?? TimeSpan.Zero;
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Actors.Decider.From(localOnlyDecider))
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : this(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), decider, loggingEnabled)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled)
        : this(null, null, Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider)
        : this(null, null, decider)
    {
    }

    public int MaxNumberOfRetries { get; }

    public TimeSpan WithinTimeRange { get; }

    /// <summary>-1 for all time.</summary>
    public int WithinTimeRangeMilliseconds => WithinTimeRange > TimeSpan.Zero ? (int)WithinTimeRange.TotalMilliseconds : -1;

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) => new(maxNrOfRetries, WithinTimeRange, Decider, LoggingEnabled);

    internal override void ProcessFailure(
        ActorCell cell, bool restart, LocalActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> all)
    {
        if (restart && stats.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRange, cell.SystemImpl.Scheduler.MonotonicClock))
        {
            RestartChild(child, cause, suspendFirst: false);
        }
        else
        {
            cell.Stop(child);
        }
    }
}

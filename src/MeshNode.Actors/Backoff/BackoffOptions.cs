namespace MeshNode.Actors;

/// <summary>Options of a <see cref="BackoffSupervisor"/>; immutable.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(
        bool onFailure, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries)
    {
        ArgumentNullException.ThrowIfNull(childProps);
        ArgumentException.ThrowIfNullOrEmpty(childName);
        if (minBackoff <= TimeSpan.Zero || maxBackoff < minBackoff)
        {
            throw new ArgumentOutOfRangeException(nameof(minBackoff), "Backoff is positive, and its maximum not less than its minimum.");
        }

        if (randomFactor is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(randomFactor), "The random factor is between 0 and 1.");
        }

        IsOnFailure = onFailure;
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        RandomFactor = randomFactor;
        MaxNrOfRetries = maxNrOfRetries;
        AutoResetBackoff = minBackoff;
    }

    internal bool IsOnFailure { get; }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    internal int MaxNrOfRetries { get; private init; }

    /// <summary>Null when the child resets.</summary>
    internal TimeSpan? AutoResetBackoff { get; private init; }

    internal SupervisorStrategy? Strategy { get; private init; }

    internal Func<object, bool>? IsFinalStopMessage { get; private init; }

    internal object? StoppedReply { get; private init; }

    /// <summary>Begins with the shortest delay again when the child has run so long; by default the shortest delay itself.</summary>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => this with { AutoResetBackoff = resetBackoff };

    /// <summary>Begins with the shortest delay again when told <see cref="BackoffSupervisor.Reset"/>.</summary>
    public BackoffOptions WithManualReset() => this with { AutoResetBackoff = null };

    /// <summary>Whose decider says what is a failure; others than <see cref="Directive.Restart"/> are done as they say.</summary>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy)
    {
        ArgumentNullException.ThrowIfNull(supervisorStrategy);
        return this with
        {
            Strategy = supervisorStrategy,
            MaxNrOfRetries = supervisorStrategy.MaxNumberOfRetries >= 0 ? supervisorStrategy.MaxNumberOfRetries : MaxNrOfRetries,
        };
    }

    public BackoffOptions WithDefaultStoppingStrategy() => this with { Strategy = SupervisorStrategy.StoppingStrategy };

    /// <summary>-1 for no limit.</summary>
    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => this with { MaxNrOfRetries = maxNrOfRetries };

    /// <summary>Answers messages that come while there is no child, which otherwise become dead letters.</summary>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { StoppedReply = replyWhileStopped };

    /// <summary>A message that ends it all: after it the child that stops is not started again, and the supervisor stops too.</summary>
    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => this with { IsFinalStopMessage = isFinalStopMessage };
}

namespace MeshNode.Actors;

/// <summary>How an actor treats children that fail.</summary>
public abstract class SupervisorStrategy
{
    private protected SupervisorStrategy(IDecider decider, bool loggingEnabled)
    {
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Stops what cannot be created, was killed or broke a death pact; restarts otherwise.</summary>
    public static IDecider DefaultDecider { get; } = Actors.Decider.From(cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    public static SupervisorStrategy DefaultStrategy { get; } = new OneForOneStrategy(DefaultDecider);

    public static OneForOneStrategy StoppingStrategy { get; } = new OneForOneStrategy(Actors.Decider.From(_ => Directive.Stop));

    public IDecider Decider { get; }

    public bool LoggingEnabled { get; }

    /// <summary>False to escalate.</summary>
    internal bool HandleFailure(
        ActorCell cell, LocalActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> all)
    {
        var directive = Decide(cell, child, cause);
        if (LoggingEnabled && directive != Directive.Escalate)
        {
            Report(cell, child, cause, directive);
        }

        switch (directive)
        {
            case Directive.Resume:
                child.SendSystemMessage(new ResumeMessage(cause));
                return true;
            case Directive.Restart:
                ProcessFailure(cell, restart: true, child, cause, stats, all);
                return true;
            case Directive.Stop:
                ProcessFailure(cell, restart: false, child, cause, stats, all);
                return true;
            default:
                return false;
        }
    }

    internal virtual Directive Decide(ActorCell cell, LocalActorRef child, Exception cause) => Decider.Decide(cause);

    internal abstract void ProcessFailure(
        ActorCell cell, bool restart, LocalActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> all);

    /// <param name="suspendFirst">The child did not fail itself, so it is not suspended yet.</param>
    private protected static void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var subject = (LocalActorRef)child;
        if (suspendFirst)
        {
            subject.SendSystemMessage(new SuspendMessage());
        }

        subject.SendSystemMessage(new RecreateMessage(cause));
    }

    private static void Report(ActorCell cell, LocalActorRef child, Exception cause, Directive directive)
    {
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        cell.SystemImpl.EventStream.Publish(directive == Directive.Resume
            ? new Event.Warning(cause, source, typeof(SupervisorStrategy), message)
            : new Event.Error(cause, source, typeof(SupervisorStrategy), message));
    }
}

namespace MeshNode.Actors;

public static class Logging
{
    /// <summary>A log whose source is the actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cell = (ActorCell)context;
        return new BusLogging(cell.SystemImpl, cell.Self.Path.ToString(), cell.Actor?.GetType() ?? cell.Props.Type);
    }

    /// <summary>A log with any other source, such as a name.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSource)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(logSource);
        return new BusLogging((ActorSystemImpl)system, logSource.ToString()!, logSource as Type ?? logSource.GetType());
    }
}

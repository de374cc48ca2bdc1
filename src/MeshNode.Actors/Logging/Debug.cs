namespace MeshNode.Actors.Event;

public sealed class Debug : LogEvent
{
    public Debug(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    public Debug(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

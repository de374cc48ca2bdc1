namespace MeshNode.Actors.Event;

public sealed class Warning : LogEvent
{
    public Warning(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    public Warning(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

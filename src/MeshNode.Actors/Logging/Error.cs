namespace MeshNode.Actors.Event;

public sealed class Error : LogEvent
{
    public Error(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    public Error(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

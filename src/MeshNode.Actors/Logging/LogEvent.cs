namespace MeshNode.Actors.Event;

/// <summary>A line for the log, published to the event stream; the host decides where it goes.</summary>
public abstract class LogEvent
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    public Exception? Cause { get; }

    /// <summary>Usually the path of the actor that wrote it.</summary>
    public string LogSource { get; }

    public Type LogClass { get; }

    /// <summary>Its <c>ToString</c> is the text.</summary>
    public object Message { get; }

    public abstract LogLevel LogLevel();

    public override string ToString() => Cause is null ? $"[{LogLevel()}][{LogSource}] {Message}" : $"[{LogLevel()}][{LogSource}] {Message}{Environment.NewLine}Cause: {Cause}";
}

using MeshNode.Actors.Event;

namespace MeshNode.Actors;

internal sealed class BusLogging(ActorSystemImpl system, string logSource, Type logClass) : ILoggingAdapter
{
    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= system.Settings.LogLevel;

    public void Log(LogLevel logLevel, Exception? cause, string format, params object?[] args)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var message = new LogMessage(format, args);
        system.EventStream.Publish(logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, logSource, logClass, message),
            LogLevel.InfoLevel => new Info(cause, logSource, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, logSource, logClass, message),
            _ => new Error(cause, logSource, logClass, message),
        });
    }

    public void Debug(string format, params object?[] args) => Log(LogLevel.DebugLevel, null, format, args);

    public void Debug(Exception? cause, string format, params object?[] args) => Log(LogLevel.DebugLevel, cause, format, args);

    public void Info(string format, params object?[] args) => Log(LogLevel.InfoLevel, null, format, args);

    public void Info(Exception? cause, string format, params object?[] args) => Log(LogLevel.InfoLevel, cause, format, args);

    public void Warning(string format, params object?[] args) => Log(LogLevel.WarningLevel, null, format, args);

    public void Warning(Exception? cause, string format, params object?[] args) => Log(LogLevel.WarningLevel, cause, format, args);

    public void Error(string format, params object?[] args) => Log(LogLevel.ErrorLevel, null, format, args);

    public void Error(Exception? cause, string format, params object?[] args) => Log(LogLevel.ErrorLevel, cause, format, args);
}

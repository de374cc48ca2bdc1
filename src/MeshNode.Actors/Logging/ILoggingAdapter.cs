using MeshNode.Actors.Event;

namespace MeshNode.Actors;

/// <summary>Writes <see cref="LogEvent"/>s to the event stream; formats have numbered holes (<c>{0}</c>).</summary>
public interface ILoggingAdapter
{
    bool IsDebugEnabled { get; }

    bool IsInfoEnabled { get; }

    bool IsWarningEnabled { get; }

    bool IsErrorEnabled { get; }

    bool IsEnabled(LogLevel logLevel);

    void Log(LogLevel logLevel, Exception? cause, string format, params object?[] args);

    void Debug(string format, params object?[] args);

    void Debug(Exception? cause, string format, params object?[] args);

    void Info(string format, params object?[] args);

    void Info(Exception? cause, string format, params object?[] args);

    void Warning(string format, params object?[] args);

    void Warning(Exception? cause, string format, params object?[] args);

    void Error(string format, params object?[] args);

    void Error(Exception? cause, string format, params object?[] args);
}

using MeshNode.Actors.Event;

namespace MeshNode.Actors;

public static class LoggingExtensions
{
    /// <inheritdoc cref="ILoggingAdapter.Log"/>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(log);
        log.Log(logLevel, null, format, args);
    }
}

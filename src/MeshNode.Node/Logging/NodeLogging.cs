using MeshNode.Node.Settings;
using Microsoft.Extensions.Logging.Console;

namespace MeshNode.Node.Logging;

/// <summary>
/// The console log: lines for people on standard error, beside the start-up text on standard output; or JSON lines on
/// standard output, and nothing else there.
/// </summary>
internal static class NodeLogging
{
    public static ILoggerFactory Create(NodeSettings settings, TimeProvider clock) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(settings.LogLevel);
        builder.AddFilter("Microsoft", settings.LogLevel > LogLevel.Warning ? settings.LogLevel : LogLevel.Warning);
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a failed start is told once, by NodeStartException
        builder.Services.AddSingleton(clock);
        if (settings.JsonLog)
        {
            builder.AddJsonConsole(options =>
            {
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            builder.AddConsole(options =>
            {
                options.FormatterName = HumanConsoleFormatter.FormatterName;
                options.LogToStandardErrorThreshold = LogLevel.Trace;
            });
            builder.AddConsoleFormatter<HumanConsoleFormatter, ConsoleFormatterOptions>();
        }
    });
}

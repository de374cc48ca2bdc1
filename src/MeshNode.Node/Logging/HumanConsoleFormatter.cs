using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MeshNode.Node.Logging;

/// <summary>One quiet line an entry: local time, the level only where it is not plain information, the message, the cause.</summary>
internal sealed class HumanConsoleFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "meshnode";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        textWriter.Write(logEntry.LogLevel switch
        {
            LogLevel.Trace => " trace ",
            LogLevel.Debug => " debug ",
            LogLevel.Information => " ",
            LogLevel.Warning => " warning: ",
            _ => " error: ",
        });
        textWriter.Write(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(": ");
            textWriter.Write(logEntry.LogLevel >= LogLevel.Error ? exception.ToString() : exception.Message);
        }

        textWriter.WriteLine();
    }
}

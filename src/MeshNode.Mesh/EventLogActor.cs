using System.Text;
using MeshNode.Actors;
using MeshNode.Actors.Event;
using MeshNode.Mesh.Wire;
using Microsoft.Extensions.Logging;

namespace MeshNode.Mesh;

/// <summary>Writes the actors' log events, and the messages that the application took, to the program's log.</summary>
internal sealed partial class EventLogActor : ReceiveActor
{
    private const int MaximumText = 500; // bytes of a message that are shown

    private readonly ILoggerFactory _loggers;

    public static Props Props(ILoggerFactory loggers) => Actors.Props.Create(() => new EventLogActor(loggers));

    public EventLogActor(ILoggerFactory loggers)
    {
        _loggers = loggers;
        Receive<LogEvent>(HandleLogEvent);
        Receive<MessageTaken>(HandleMessage);
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<LogEvent>(Self);
        Context.System.EventStream.Subscribe<MessageTaken>(Self);
    }

    private void HandleLogEvent(LogEvent entry)
    {
        var logger = _loggers.CreateLogger(entry.LogClass.FullName ?? entry.LogClass.Name);
        var level = Level(entry.LogLevel());
        if (logger.IsEnabled(level))
        {
            var text = entry.Message.ToString() ?? "";
            LogActorEvent(logger, level, entry.Cause, text);
        }
    }

    private void HandleMessage(MessageTaken message)
    {
        var logger = _loggers.CreateLogger<InboxActor>();
        if (logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Information))
        {
            var from = message.From.ToString();
            var text = WireText.Sanitize(Encoding.UTF8.GetBytes(message.Text), MaximumText);
            LogMessage(logger, from, text);
        }
    }

    private static Microsoft.Extensions.Logging.LogLevel Level(Actors.Event.LogLevel level) => level switch
    {
        Actors.Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
        Actors.Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
        Actors.Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
        _ => Microsoft.Extensions.Logging.LogLevel.Error,
    };

    [LoggerMessage(EventId = 2000, Message = "{Text}")]
    private static partial void LogActorEvent(ILogger logger, Microsoft.Extensions.Logging.LogLevel level, Exception? cause, string text);

    [LoggerMessage(EventId = 2001, Level = Microsoft.Extensions.Logging.LogLevel.Information, Message = "Message from {From}: {Text}")]
    private static partial void LogMessage(ILogger logger, string from, string text);
}

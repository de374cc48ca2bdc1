using MeshNode.Actors;
using MeshNode.Actors.Event;
using MeshNode.Mesh.Wire;
using Microsoft.Extensions.Logging;

namespace MeshNode.Mesh;

/// <summary>Writes the actors' log events, and the messages that the application took, to the program's log.</summary>
internal sealed partial class EventLogActor : ReceiveActor
{
    private const int MaximumText = 500; // bytes of a message that are shown

    public static Props Props(ILoggerFactory loggers) => Actors.Props.Create(() => new EventLogActor(loggers));

    public EventLogActor(ILoggerFactory loggers)
    {
        Receive<LogEvent>(entry => LogActorEvent(
            loggers.CreateLogger(entry.LogClass.FullName ?? entry.LogClass.Name), Level(entry.LogLevel()), entry.Cause, entry.Message.ToString() ?? ""));
        var messages = loggers.CreateLogger<InboxActor>();
        Receive<MessageTaken>(message =>
            LogMessage(messages, message.From.ToString(), WireText.Sanitize(System.Text.Encoding.UTF8.GetBytes(message.Text), MaximumText)));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<LogEvent>(Self);
        Context.System.EventStream.Subscribe<MessageTaken>(Self);
    }

    private static Microsoft.Extensions.Logging.LogLevel Level(Actors.Event.LogLevel level) => level switch
    {
        Actors.Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
        Actors.Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
        Actors.Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
        _ => Microsoft.Extensions.Logging.LogLevel.Error,
    };

    [LoggerMessage(EventId = 2000, Message = "{Text}", SkipEnabledCheck = false)]
    private static partial void LogActorEvent(ILogger logger, Microsoft.Extensions.Logging.LogLevel level, Exception? cause, string text);

    [LoggerMessage(EventId = 2001, Level = Microsoft.Extensions.Logging.LogLevel.Information, Message = "Message from {From}: {Text}")]
    private static partial void LogMessage(ILogger logger, string from, string text);
}

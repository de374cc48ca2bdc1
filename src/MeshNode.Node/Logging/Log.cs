using System.Net;
using MeshNode.Node.Http;

namespace MeshNode.Node.Logging;

/// <summary>
/// Everything that the program itself logs; event ids 1000 to 1099. No token, key or message text is ever an argument.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Node {Id} listens for HTTP on {Http} and UDP on {Udp}; console {Console}; data in {Data}; a second node joins with: {JoinCommand}")]
    public static partial void NodeStarted(ILogger logger, string id, string http, string udp, string console, string data, string joinCommand);

    [LoggerMessage(1001, LogLevel.Information, "Stopping ({Cause})")]
    public static partial void NodeStopping(ILogger logger, string cause);

    [LoggerMessage(1002, LogLevel.Information, "Stopped")]
    public static partial void NodeStopped(ILogger logger);

    [LoggerMessage(1003, LogLevel.Warning, "Shutdown took longer than {Limit}; what was still open is cut off")]
    public static partial void ShutdownCutOff(ILogger logger, TimeSpan limit);

    [LoggerMessage(1004, LogLevel.Error, "Shutdown failed")]
    public static partial void ShutdownFailed(ILogger logger, Exception exception);

    [LoggerMessage(1010, LogLevel.Warning, "Refused a request from {Remote}: {Verdict}")]
    public static partial void RequestRefused(ILogger logger, EndPoint remote, RequestVerdict verdict);

    [LoggerMessage(1011, LogLevel.Warning, "Refused a WebSocket from {Remote}: there are {Maximum} already")]
    public static partial void MeshEntranceFull(ILogger logger, EndPoint remote, int maximum);

    [LoggerMessage(1012, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception);
}

using System.Net.Sockets;
using MeshNode.Node.Settings;
using Microsoft.AspNetCore.Connections;

namespace MeshNode.Node.Hosting;

/// <summary>Why an address could not be bound, in one line with what would help.</summary>
internal static class SocketFailure
{
    /// <param name="what">HTTP or UDP.</param>
    /// <param name="option">The option that chooses another address.</param>
    /// <param name="bind">The address.</param>
    /// <param name="exception">What binding it threw.</param>
    public static string Describe(string what, string option, BindAddress bind, Exception exception) => CodeOf(exception) switch
    {
        SocketError.AddressAlreadyInUse =>
            $"the {what} port is in use: {bind}; stop the program that has it, or choose another with {option} ADDR:PORT (port 0 takes any free one)",
        SocketError.AddressNotAvailable =>
            $"the {what} address {bind} is none of this machine; choose another with {option} ADDR:PORT",
        SocketError.AccessDenied =>
            $"the {what} address {bind} may not be bound by this user; choose a port of 1024 or more with {option} ADDR:PORT",
        _ => $"the {what} address {bind} cannot be bound: {exception.Message}; choose another with {option} ADDR:PORT",
    };

    private static SocketError? CodeOf(Exception? exception) => exception switch
    {
        null => null,
        AddressInUseException => SocketError.AddressAlreadyInUse,
        SocketException socket => socket.SocketErrorCode,
        _ => CodeOf(exception.InnerException),
    };
}

using System.Net;
using System.Net.Sockets;

namespace MeshNode.Rtc.Sockets.Udp;

/// <summary>Binds several addresses to one port number, which the system may choose.</summary>
internal static class UdpBinding
{
    /// <summary>An ephemeral port of one address may be taken on another: then the next is tried.</summary>
    private const int Attempts = 32;

    /// <param name="endPoints">One or more; those with port 0 get a common port.</param>
    /// <param name="open">Binds one, or throws <see cref="UdpBindException"/>.</param>
    /// <param name="localEndPoint">What a socket is bound to.</param>
    public static TSocket[] Open<TSocket>(
        IReadOnlyList<IPEndPoint> endPoints,
        Func<IPEndPoint, TSocket> open,
        Func<TSocket, IPEndPoint> localEndPoint)
        where TSocket : class, IDisposable
    {
        if (endPoints.Count == 0)
        {
            throw new ArgumentException("Give at least one address to bind.", nameof(endPoints));
        }

        for (var attempt = 1; ; attempt++)
        {
            var sockets = new List<TSocket>(endPoints.Count);
            var port = 0;
            try
            {
                foreach (var endPoint in endPoints)
                {
                    if (TryOpen(endPoints, endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, port) : endPoint, open) is { } socket)
                    {
                        sockets.Add(socket);
                        port = endPoint.Port == 0 ? localEndPoint(socket).Port : port;
                    }
                }

                return [.. sockets];
            }
            catch (UdpBindException exception)
            {
                sockets.ForEach(socket => socket.Dispose());
                var isEphemeralPortTaken = port != 0 && exception.EndPoint.Port == port
                    && exception.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };
                if (!isEphemeralPortTaken || attempt == Attempts)
                {
                    throw;
                }
            }
        }
    }

    /// <returns>Null for <c>[::]</c> beside <c>0.0.0.0</c> on a system without IPv6.</returns>
    private static TSocket? TryOpen<TSocket>(IReadOnlyList<IPEndPoint> endPoints, IPEndPoint endPoint, Func<IPEndPoint, TSocket> open)
        where TSocket : class
    {
        try
        {
            return open(endPoint);
        }
        catch (UdpBindException exception) when (exception.InnerException is SocketException
        {
            SocketErrorCode: SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable,
        }
            && endPoint.Address.Equals(IPAddress.IPv6Any)
            && endPoints.Any(other => other.Address.Equals(IPAddress.Any)))
        {
            return null;
        }
    }
}

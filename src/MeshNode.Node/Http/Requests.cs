using System.Net;

namespace MeshNode.Node.Http;

/// <summary>Reads from a request what the guard judges by.</summary>
internal static class Requests
{
    public static RequestFacts FactsOf(HttpContext context) => new(
        LocalEndPoint(context),
        context.Request.Headers.Host.ToString(),
        context.Request.Headers.Origin,
        context.Request.Headers.Authorization.ToString());

    public static IPEndPoint LocalEndPoint(HttpContext context) => EndPoint(context.Connection.LocalIpAddress, context.Connection.LocalPort);

    public static IPEndPoint RemoteEndPoint(HttpContext context) => EndPoint(context.Connection.RemoteIpAddress, context.Connection.RemotePort);

    private static IPEndPoint EndPoint(IPAddress? address, int port)
    {
        address ??= IPAddress.None;
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }
}

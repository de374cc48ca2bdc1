using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeshNode.Node.Settings;

/// <summary>An <c>ADDR:PORT</c> to bind.</summary>
/// <param name="Host">As it was written, without the port: <c>127.0.0.1</c>, <c>[::1]</c>, <c>*</c>.</param>
/// <param name="Address">What it means; for <c>*</c> the IPv6 wildcard, or IPv4's where there is no IPv6.</param>
/// <param name="Port">0 for any free one.</param>
internal sealed record BindAddress(string Host, IPAddress Address, int Port)
{
    public const string Expected = "ADDR:PORT, such as 127.0.0.1:7280, [::1]:7280, 0.0.0.0:7280 or *:7280";

    public bool IsLoopback => IPAddress.IsLoopback(Address);

    public bool IsWildcard => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>For TCP: one socket, which for <c>*</c> takes both families.</summary>
    public IPEndPoint EndPoint => new(Address, Port);

    /// <summary>For UDP: one socket a family.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => Host == "*" && Address.AddressFamily == AddressFamily.InterNetworkV6
        ? [new(IPAddress.Any, Port), new(IPAddress.IPv6Any, Port)]
        : [EndPoint];

    public static bool TryParse(string text, [NotNullWhen(true)] out BindAddress? bind)
    {
        bind = null;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (!TryParseHost(host, out var address))
        {
            return false;
        }

        bind = new BindAddress(host, address, port);
        return true;
    }

    public override string ToString() => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    private static bool TryParseHost(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
            _ => null,
        };
        return address is not null
            || (host.StartsWith('[') && host.EndsWith(']')
                ? IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out address) && address.AddressFamily == AddressFamily.InterNetworkV6
                : host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out address) && address.AddressFamily == AddressFamily.InterNetwork);
    }
}

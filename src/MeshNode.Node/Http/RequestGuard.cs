using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeshNode.Node.Http;

/// <summary>
/// The rules of who may ask what. A browser on this machine reaches loopback too, whoever wrote the page: Host must be a
/// name of this server (against DNS rebinding) and Origin, where a browser sends one, its own (against cross-site
/// requests and WebSockets, which no same-origin policy stops). Whoever controls the node shows its token besides.
/// </summary>
/// <param name="token">The control token.</param>
/// <param name="hosts">Configured names, in lower case.</param>
/// <param name="origins">Configured origins that may open <c>/mesh</c>.</param>
/// <param name="isLoopback">The server is bound to loopback: then every request must name it rightly.</param>
internal sealed class RequestGuard(ControlToken token, IReadOnlyList<string> hosts, IReadOnlyList<string> origins, bool isLoopback)
{
    private const string Bearer = "Bearer ";

    /// <summary>Static files and health: public, but not under another's name on loopback.</summary>
    public RequestVerdict JudgePublic(in RequestFacts facts) =>
        isLoopback && !IsOwnHost(facts) ? RequestVerdict.ForeignHost : RequestVerdict.Allowed;

    /// <summary>The WebSocket: from no page, an own page or a configured one.</summary>
    public RequestVerdict JudgeMesh(in RequestFacts facts) =>
        JudgePublic(facts) is not RequestVerdict.Allowed and var verdict ? verdict
        : IsOwnOrigin(facts) || (facts.Origin is [{ } origin] && origins.Contains(origin, StringComparer.Ordinal)) ? RequestVerdict.Allowed
        : RequestVerdict.ForeignOrigin;

    public RequestVerdict JudgeControl(in RequestFacts facts)
    {
        if (!IsOwnHost(facts))
        {
            return RequestVerdict.ForeignHost;
        }

        if (!IsOwnOrigin(facts))
        {
            return RequestVerdict.ForeignOrigin;
        }

        if (!facts.Authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return RequestVerdict.TokenMissing;
        }

        return token.Matches(facts.Authorization.AsSpan(Bearer.Length).Trim()) ? RequestVerdict.Allowed : RequestVerdict.TokenWrong;
    }

    /// <summary>True without Origin too: a browser sends it with every WebSocket and with every request that changes something.</summary>
    private bool IsOwnOrigin(in RequestFacts facts) => facts.Origin switch
    {
        [] => true,
        [{ } origin] => IsOwnHost(facts) && (origin == $"http://{facts.Host}" || (IsConfigured(facts.Host) && origin == $"https://{facts.Host}")),
        _ => false,
    };

    private bool IsOwnHost(in RequestFacts facts)
    {
        var address = facts.Local.Address.IsIPv4MappedToIPv6 ? facts.Local.Address.MapToIPv4() : facts.Local.Address;
        return IsNamed(facts.Host, address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{WithoutScope(address)}]" : address.ToString(), facts.Local.Port)
            || (IPAddress.IsLoopback(address) && IsNamed(facts.Host, "localhost", facts.Local.Port))
            || IsConfigured(facts.Host);
    }

    private bool IsConfigured(string host) => hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());

    // "If the port is equal to the scheme's default, it is omitted" (RFC 9110, section 4.2.3).
    private static bool IsNamed(string host, string name, int port) =>
        string.Equals(host, $"{name}:{port.ToString(CultureInfo.InvariantCulture)}", StringComparison.OrdinalIgnoreCase)
        || (port == 80 && string.Equals(host, name, StringComparison.OrdinalIgnoreCase));
}

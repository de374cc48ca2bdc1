using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MeshNode.Node.Settings;

namespace MeshNode.Node.Hosting;

/// <summary>
/// The command with which a second node on this machine joins the first: with a data directory and ports of its own, ready
/// to be pasted into a shell in the same directory.
/// </summary>
internal static class JoinCommand
{
    /// <param name="launch">How the program is started (<see cref="LaunchCommand"/>).</param>
    /// <param name="settings">Of the first node.</param>
    /// <param name="http">The address that its server is bound to.</param>
    /// <param name="inviteFile">The file with the token that admits; null when none is needed.</param>
    public static string Build(IReadOnlyList<string> launch, NodeSettings settings, IPEndPoint http, string? inviteFile)
    {
        var secondHttp = NextFree(settings.Http, ProtocolType.Tcp);
        var secondUdp = NextFree(settings.Udp, ProtocolType.Udp);
        List<string> words =
        [
            .. launch,
            "run",
            "--data", NextDirectory(settings.DataDirectory),
            "--http", (settings.Http with { Port = secondHttp }).ToString(),
            "--udp", (settings.Udp with { Port = secondUdp }).ToString(),
            "--join", $"ws://{new IPEndPoint(ReachableAddress(http.Address), http.Port)}/mesh",
        ];
        if (inviteFile is not null)
        {
            words.AddRange(["--invite", $"@{inviteFile}"]);
        }

        return string.Join(' ', words.Select(Quote));
    }

    /// <summary>An address at which this machine reaches a server that is bound to <paramref name="bound"/>.</summary>
    public static IPAddress ReachableAddress(IPAddress bound) => bound switch
    {
        _ when bound.Equals(IPAddress.Any) => FirstAddress() ?? IPAddress.Loopback,
        _ when bound.Equals(IPAddress.IPv6Any) => FirstAddress() ?? IPAddress.Loopback, // dual-mode
        _ => bound,
    };

    /// <summary>A word as a POSIX shell reads it back.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:@=+,%".Contains(c))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The next port up that is free now; 0 (any) where the first node took any too.</summary>
    private static int NextFree(BindAddress bind, ProtocolType protocol)
    {
        for (var port = bind.Port + 1; bind.Port != 0 && port <= Math.Min(bind.Port + 100, IPEndPoint.MaxPort); port++)
        {
            if (IsFree(new IPEndPoint(bind.Address, port), protocol))
            {
                return port;
            }
        }

        return 0;
    }

    private static bool IsFree(IPEndPoint endPoint, ProtocolType protocol)
    {
        try
        {
            using var socket = new Socket(
                endPoint.AddressFamily, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
            socket.Bind(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The same directory with the first number behind it that no running node has: mesh, mesh-2, mesh-3.</summary>
    private static string NextDirectory(string own)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(own);
        var dash = trimmed.LastIndexOf('-');
        var stem = dash > 0 && int.TryParse(trimmed.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? trimmed[..dash]
            : trimmed;
        for (var number = 2; ; number++)
        {
            var candidate = $"{stem}-{number.ToString(CultureInfo.InvariantCulture)}";
            if (candidate != trimmed && !IsInUse(candidate))
            {
                return candidate;
            }
        }
    }

    private static bool IsInUse(string directory)
    {
        try
        {
            return EndPointFile.Read(directory) is { } content && EndPointFile.IsAlive(content);
        }
        catch (Mesh.Identity.IdentityException)
        {
            return true; // not ours to use
        }
    }

    private static IPAddress? FirstAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
}

using System.Net;
using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>Lets only loopback candidates pass, so that nothing a far side does leaves the machine.</summary>
internal static class LoopbackFilter
{
    private const string Attribute = "a=candidate:";

    /// <summary>The signal without what would lead elsewhere; null when nothing is left of it.</summary>
    public static PeerSignal? Apply(PeerSignal signal) => signal switch
    {
        CandidateSignal candidate => IsLoopback(candidate.Candidate) ? candidate : null,
        DescriptionSignal description => description with { Sdp = FilterLines(description.Sdp) },
        _ => signal,
    };

    /// <param name="candidate">RFC 8839 section 5.1: foundation, component, transport, priority, then the connection address.</param>
    public static bool IsLoopback(string candidate)
    {
        var fields = candidate.Split(' ');
        return fields.Length > 4 && IPAddress.TryParse(fields[4], out var address) && IPAddress.IsLoopback(address);
    }

    private static string FilterLines(string sdp) =>
        string.Join("\r\n", sdp.Split("\r\n").Where(line => !line.StartsWith(Attribute, StringComparison.Ordinal) || IsLoopback(line)));
}

using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Links;

/// <summary>Two processes that know of each other only the emulator's addresses: candidates are rewritten on their way.</summary>
internal sealed partial class LinkedPair : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<long, LinkFlow> _flows = new();

    /// <param name="stack">Of both processes.</param>
    /// <param name="settings">The path between them.</param>
    /// <param name="interleaving">False: ours does without I-DATA, which no other stack here has.</param>
    public LinkedPair(PeerStack stack, LinkSettings settings, bool interleaving)
    {
        Emulator = new LinkEmulator(settings);
        // Buffers that suit loopback would only hold up short messages here.
        var environment = new Dictionary<string, string>(stack.Environment) { ["PEER_BUFFER"] = "1048576" };
        string[] more = interleaving || stack.Name != PeerStack.MeshNode ? [] : ["--no-interleaving"];
        Pair = new PeerPair(stack with { Environment = environment, Arguments = [.. stack.Arguments, .. more] }, Rewrite);
    }

    public LinkEmulator Emulator { get; }

    public PeerPair Pair { get; }

    public LinkFlow Flow(long id) => _flows.GetOrAdd(id, _ => Emulator.AddFlow());

    public async ValueTask DisposeAsync()
    {
        await Pair.DisposeAsync().ConfigureAwait(false);
        Emulator.Dispose();
    }

    /// <summary>A candidate of UDP over IPv4: 1 what comes before the address, 2 the address, 3 the port, 4 the rest.</summary>
    [GeneratedRegex(@"(candidate:\S+ \d+ udp \d+ )(\d+\.\d+\.\d+\.\d+) (\d+)( typ host.*)", RegexOptions.IgnoreCase)]
    private static partial Regex Candidate();

    /// <returns>The line with the emulator's address for the peer's own; null for a candidate that is not carried.</returns>
    private string? Rewrite(bool isOfferer, PeerLine line)
    {
        var flow = Flow(line.Id);
        var json = JsonNode.Parse(line.ToString())!.AsObject();
        if (line.Candidate is { } candidate)
        {
            var replaced = Replace(flow, isOfferer, candidate);
            if (replaced is null && candidate.Length > 0)
            {
                return null;
            }

            json["cand"] = replaced ?? candidate;
        }
        else
        {
            json["sdp"] = string.Concat(line.Sdp!.Split('\n').Select(text => text.Contains("a=candidate:", StringComparison.Ordinal)
                ? Replace(flow, isOfferer, text) is { } replaced ? replaced + "\n" : ""
                : text.Length > 0 ? text + "\n" : ""));
        }

        return json.ToJsonString(Options);
    }

    private static string? Replace(LinkFlow flow, bool isOfferer, string candidate)
    {
        var match = Candidate().Match(candidate);
        if (!match.Success)
        {
            return null;
        }

        // Where the far side sends to, and where the emulator sends what comes there.
        var (near, far) = isOfferer ? (flow.TowardOfferer, flow.TowardAnswerer) : (flow.TowardAnswerer, flow.TowardOfferer);
        near.SetPeer(new IPEndPoint(IPAddress.Parse(match.Groups[2].Value), int.Parse(match.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture)));
        return Candidate().Replace(candidate, $"${{1}}{far.Address.Address} {far.Address.Port}$4");
    }
}

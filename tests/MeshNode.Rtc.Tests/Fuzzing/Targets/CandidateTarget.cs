using System.Text;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>Candidate lines. What is accepted must come back the same when it is written out.</summary>
internal sealed class CandidateTarget : FuzzTarget
{
    public override string Name => "candidate";

    public override IReadOnlyList<byte[]> Seeds =>
    [
        "candidate:1467250027 1 udp 2122260223 192.0.2.17 46154 typ host generation 0 network-id 1 network-cost 10"u8.ToArray(),
        "candidate:1853887674 1 udp 2122194687 5d2ae6ed-7a2e-4ad5-9cb8-4c8d3a0c6ed0.local 46155 typ host ufrag EsAw"u8.ToArray(),
        "candidate:0 1 UDP 1686052607 198.51.100.4 40000 typ srflx raddr 192.0.2.17 rport 57102"u8.ToArray(),
        "candidate:1 1 TCP 2105524479 2001:db8::1 9 typ host tcptype active"u8.ToArray(),
    ];

    public override long AllocationLimit => 64 * 1024;

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!IceCandidate.TryParse(text, out var candidate))
        {
            return Feature(0, Bucket(text.Count(c => c == ' ')));
        }

        Assert.True(IceCandidate.TryParse(candidate!.ToSdp(), out var again), candidate.ToSdp());
        Assert.Equal(candidate, again);
        return Feature(1, (int)candidate.Type, (int)candidate.Protocol, candidate.HostName is null ? 0 : 1, candidate.RelatedAddress is null ? 0 : 1, candidate.UsernameFragment is null ? 0 : 1);
    }
}

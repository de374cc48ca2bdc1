using System.Text;
using MeshNode.Rtc.Ice;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Ice;

public sealed class IceCandidateTests
{
    [Theory]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("candidate:abc/+9 1 udp 1 2001:db8::1 65535 typ host ufrag aBc+")]
    [InlineData("candidate:3 1 udp 1694498815 198.51.100.7 61665 typ srflx raddr 192.0.2.1 rport 5000")]
    [InlineData("candidate:4 1 udp 16777215 198.51.100.9 50000 typ relay raddr 0.0.0.0 rport 0 ufrag Zz99")]
    [InlineData("candidate:5 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active")]
    [InlineData("candidate:6 1 udp 2113937151 5f1d1c7a-2b0f-4c3c-9c7b-9f5e1f0c8b1a.local 51234 typ host")]
    public void Line_survives_the_round_trip(string line)
    {
        Assert.True(IceCandidate.TryParse(line, out var candidate));
        Assert.Equal(line, candidate!.ToSdp());
        Assert.True(IceCandidate.TryParse("a=" + line + "\r\n", out var again));
        Assert.Equal(candidate, again);
        Assert.True(IceCandidate.TryParse(line.AsSpan("candidate:".Length), out var bare));
        Assert.Equal(candidate, bare);
    }

    [Fact]
    public void Chromium_line_is_read_and_its_extensions_passed_over()
    {
        Assert.True(IceCandidate.TryParse(
            "candidate:842163049 1 udp 1677729535 203.0.113.5 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0 ufrag 6aQ7 network-id 1 network-cost 10",
            out var candidate));
        Assert.Equal(IceCandidateType.ServerReflexive, candidate!.Type);
        Assert.Equal("6aQ7", candidate.UsernameFragment);
        Assert.Equal("10.0.0.17:46154", candidate.RelatedAddress.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("candidate:")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 5000 host")]
    [InlineData("candidate:1 0 udp 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 257 udp 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 sctp 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 udp 0 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 udp 4294967295 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 udp -1 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.256 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 0300.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 fe80::1%eth0 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 [2001:db8::1] 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 na<me.local 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 65536 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ hostile")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host ufrag")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host ufrag a!cd")]
    [InlineData("candidate:1  1 udp 2130706431 192.0.2.1 5000 typ host")]
    [InlineData("candidate:1 1 tcp 2130706431 192.0.2.1 9 typ host")]
    [InlineData("candidate:123456789012345678901234567890123 1 udp 2130706431 192.0.2.1 5000 typ host")]
    public void Wrong_line_is_refused(string line) => Assert.False(IceCandidate.TryParse(line, out _));

    [Fact]
    public void Host_candidate_has_the_priority_of_RFC_8445_and_a_foundation_by_address()
    {
        var candidate = IceCandidate.Host(IceEndpoint.Address("192.0.2.1:5000"));
        Assert.Equal(2130706431u, candidate.Priority); // 126 << 24 | 65535 << 8 | 255
        Assert.Equal(candidate.Foundation, IceCandidate.Host(IceEndpoint.Address("192.0.2.1:5001")).Foundation);
        Assert.NotEqual(candidate.Foundation, IceCandidate.Host(IceEndpoint.Address("192.0.2.2:5000")).Foundation);
    }

    [Fact]
    public void Pair_priority_follows_the_formula_and_is_the_same_on_both_sides()
    {
        Assert.Equal((100UL << 32) + (2 * 200) + 1, IcePriority.Pair(IceRole.Controlling, 200, 100));
        Assert.Equal((100UL << 32) + (2 * 200), IcePriority.Pair(IceRole.Controlling, 100, 200));
        Assert.Equal(IcePriority.Pair(IceRole.Controlling, 100, 200), IcePriority.Pair(IceRole.Controlled, 200, 100));
    }

    [Fact]
    public void Credentials_are_well_formed_and_differ()
    {
        var random = new SeededRandomSource(4);
        var first = IceCredentials.Create(random);
        Assert.True(first.IsWellFormed);
        Assert.NotEqual(first, IceCredentials.Create(random));
        Assert.DoesNotContain(first.Password, first.ToString(), StringComparison.Ordinal);
        Assert.False(new IceCredentials("abc", first.Password).IsWellFormed);
        Assert.False(new IceCredentials("abcd", "too short").IsWellFormed);
        Assert.False(default(IceCredentials).IsWellFormed);
    }

    [Fact]
    public void Mutated_lines_do_not_throw_and_what_is_read_survives_the_round_trip()
    {
        byte[][] corpus = [.. new[]
        {
            "candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
            "a=candidate:842163049 1 UDP 1677729535 2001:db8::5 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0 ufrag 6aQ7",
            "candidate:5 1 tcp 1518280447 192.0.2.1 9 typ host tcptype passive",
            "candidate:6 1 udp 2113937151 5f1d1c7a.local 51234 typ host network-cost 999",
        }.Select(Encoding.Latin1.GetBytes)];
        var mutator = new Mutator(8839, corpus);
        var (count, parsed) = (TestScale.Count("mutated candidate lines", 1_000_000, 100_000), 0);
        for (var i = 0; i < count; i++)
        {
            var line = Encoding.Latin1.GetString(mutator.Next());
            if (IceCandidate.TryParse(line, out var candidate))
            {
                parsed++;
                Assert.True(IceCandidate.TryParse(candidate!.ToSdp(), out var again), line);
                Assert.Equal(candidate, again);
            }
        }

        Assert.InRange(parsed, 1, count - 1);
    }
}

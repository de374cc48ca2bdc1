using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests.Pairs;

public sealed class LoopbackFilterTests
{
    [Theory]
    [InlineData("candidate:1 1 UDP 2114977791 127.0.0.1 53241 typ host", true)]
    [InlineData("candidate:2 1 udp 2113937151 ::1 50012 typ host generation 0", true)]
    [InlineData("candidate:3 1 udp 2113937151 192.0.2.7 50012 typ host", false)]
    [InlineData("candidate:4 1 udp 2113937151 5d2b1e0c.local 50012 typ host", false)]
    [InlineData("candidate:5", false)]
    public void Only_a_loopback_candidate_passes(string candidate, bool passes) =>
        Assert.Equal(passes, LoopbackFilter.Apply(new CandidateSignal(candidate, "0")) is not null);

    [Fact]
    public void A_description_loses_the_candidates_that_lead_elsewhere()
    {
        var sdp = "v=0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\na=candidate:2 1 udp 1 192.0.2.7 9 typ host\r\na=mid:0\r\n";
        var filtered = Assert.IsType<DescriptionSignal>(LoopbackFilter.Apply(new DescriptionSignal("offer", sdp)));
        Assert.Equal("v=0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\na=mid:0\r\n", filtered.Sdp);
    }
}

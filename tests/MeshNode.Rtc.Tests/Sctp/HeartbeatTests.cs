using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class HeartbeatTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 1)]
    public void Interval_of_zero_sends_none(int seconds, int expected)
    {
        var pair = new AssociationPair(1, new SctpConfiguration { HeartbeatInterval = TimeSpan.FromSeconds(seconds) });
        pair.A.Associate(pair.Now);
        pair.Exchange();
        Assert.Equal(SctpState.Established, pair.A.State);

        pair.Now += TimeSpan.FromSeconds(40);
        pair.A.HandleTimeout(pair.Now);

        var sent = 0;
        while (pair.AToB())
        {
            sent++;
        }

        Assert.Equal(expected, sent);
    }
}

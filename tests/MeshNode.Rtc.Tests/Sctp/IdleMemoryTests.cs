using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Tests.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class IdleMemoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_lossy_burst_needed_is_given_back_in_silence(bool isInterleaving)
    {
        BufferPool.Trim();
        BufferPool.Trim(); // what other tests left on this thread
        var configuration = new DataChannelTransportConfiguration { Sctp = new SctpConfiguration { Interleaving = isInterleaving } };
        var pair = new TransportPair(1, new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(50), Loss = 0.05 }, configuration, configuration);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        var received = 0;
        pair.B.OnMessage = (_, _) => received++;
        Assert.True(pair.RunUntil(() => pair.B.Announced.Count == 1, TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, new byte[i % 10 == 0 ? 5000 : 100], DataChannelMessageKind.Binary));
        }

        Assert.True(pair.RunUntil(() => received == 20_000, TimeSpan.FromMinutes(10)));
        Assert.True(BufferPool.Retained > 2_000_000, $"{BufferPool.Retained} bytes are pooled"); // the control
        pair.RunFor(TimeSpan.FromSeconds(50));

        Assert.True(BufferPool.Retained < 100_000, $"{BufferPool.Retained} bytes are pooled");
        var next = pair.A.Transport.NextTimeout;
        Assert.True(next is null || next - pair.Now > TimeSpan.FromSeconds(1), "the silence costs timers");
        Assert.True(pair.A.Transport.IsConsistent() && pair.B.Transport.IsConsistent());

        channel.Send(pair.Now, new byte[100_000], DataChannelMessageKind.Binary);
        Assert.True(pair.RunUntil(() => received == 20_001, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_size_that_is_in_use_finds_room_in_a_pool_full_of_another()
    {
        BufferPool.Trim();
        BufferPool.Trim();
        var large = Enumerable.Range(0, 20).Select(_ => BufferPool.Rent(1 << 20)).ToArray();
        foreach (var buffer in large)
        {
            BufferPool.Return(buffer);
        }

        Assert.InRange(BufferPool.Retained, 15 << 20, 16 << 20);
        var small = BufferPool.Rent(100);
        BufferPool.Return(small);
        Assert.Same(small, BufferPool.Rent(100));
        Assert.InRange(BufferPool.Retained, 14 << 20, 16 << 20);
        BufferPool.Trim();
        BufferPool.Trim();
        Assert.InRange(BufferPool.Retained, 0, 1 << 20);
    }
}

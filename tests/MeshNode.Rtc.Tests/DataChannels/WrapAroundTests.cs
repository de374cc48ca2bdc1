using MeshNode.Rtc.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.DataChannels;

public sealed class WrapAroundTests
{
    [Fact]
    public void Messages_arrive_in_order_while_tsns_wrap_around_under_loss()
    {
        var link = new SimulatedLinkOptions { Loss = 0.1, Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(10) };
        for (var seed = 0UL; seed < 40; seed++)
        {
            // The first TSN of A is 2^32 - 1 - 4 * seed.
            var pair = new TransportPair(seed, link, secureA: new NearWrapRandomSource((uint)(4 * seed)));
            var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { MaxRetransmits = seed % 2 == 0 ? (ushort)1 : null });
            pair.Connect();
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, [.. Enumerable.Repeat((byte)i, 3000)], DataChannelMessageKind.Binary));
            }

            var isReliable = seed % 2 == 1;
            Assert.True(pair.RunUntil(() => channel.BufferedAmount == 0 && pair.A.Transport.Statistics.BytesInFlight == 0, TimeSpan.FromMinutes(5)), $"seed {seed}");
            pair.RunFor(TimeSpan.FromSeconds(5));
            var numbers = pair.B.Messages.Select(m => (int)m.Data[0]).ToArray();
            Assert.True(numbers.SequenceEqual(numbers.Order().Distinct()), $"seed {seed}: out of order");
            Assert.True(numbers.Length == 100 || (!isReliable && numbers.Length > 50), $"seed {seed}: {numbers.Length} messages");
            Assert.True(pair.A.Transport.IsConsistent() && pair.B.Transport.IsConsistent(), $"seed {seed}");
        }
    }

    [Fact]
    public void Messages_arrive_in_order_while_ssns_wrap_around()
    {
        var pair = new TransportPair(1, new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(1) });
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        var received = 0;
        pair.B.OnMessage = (_, data) => Assert.Equal(received++, BitConverter.ToInt32(data.Span));
        for (var i = 0; i < 70_000; i++)
        {
            Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, BitConverter.GetBytes(i), DataChannelMessageKind.Binary));
        }

        Assert.True(pair.RunUntil(() => received == 70_000, TimeSpan.FromMinutes(1)), $"{received} messages");
    }

    /// <summary>Every 32-bit number drawn is 2^32 - 1 less a distance.</summary>
    private sealed class NearWrapRandomSource(uint distance) : RandomSource
    {
        public override void Fill(Span<byte> destination)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                destination[i] = (byte)((uint.MaxValue - distance) >> (8 * (i % 4)));
            }
        }
    }
}

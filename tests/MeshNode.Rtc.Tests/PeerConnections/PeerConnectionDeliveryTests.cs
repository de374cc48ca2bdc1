using System.Buffers.Binary;
using MeshNode.Rtc.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class PeerConnectionDeliveryTests
{
    private const int MessagesPerChannel = 12;

    [Fact]
    [Trait("Category", "Long")]
    public void Every_ordered_message_arrives_once_and_in_order_whatever_the_link_does()
    {
        var runs = TestScale.Count("seeded connection pairs over a lossy link", 10_000, 1_000);
        for (var seed = 1; seed <= runs; seed++)
        {
            Deliver((ulong)seed, realDtls: false);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Every_ordered_message_arrives_once_and_in_order_through_real_dtls()
    {
        var runs = TestScale.Count("seeded connection pairs with OpenSSL over a lossy link", 1_000, 200);
        for (var seed = 1; seed <= runs; seed++)
        {
            Deliver((ulong)seed + 1_000_000, realDtls: true);
        }
    }

    [Fact]
    public void Same_seed_repeats_exactly() => Assert.Equal(Deliver(4711, false), Deliver(4711, false));

    /// <summary>Connects over a link that the seed describes, sends both ways on three channels, closes; returns what it took.</summary>
    private static string Deliver(ulong seed, bool realDtls)
    {
        var random = new SeededRandomSource(seed ^ 0x5eed);
        using var pair = new PeerConnectionPair(seed, new PeerConnectionPairOptions
        {
            RealDtls = realDtls,
            Trickle = seed % 3 == 0,
            SignalingDelay = TimeSpan.FromMilliseconds(random.NextInt32(200)),
            Link = new SimulatedLinkOptions
            {
                Loss = 0.2 * random.NextDouble(),
                Duplication = 0.1 * random.NextDouble(),
                Delay = TimeSpan.FromMilliseconds(random.NextInt32(60)),
                Jitter = TimeSpan.FromMilliseconds(random.NextInt32(40)),
            },
        });
        var traffic = new Traffic(pair, random);
        pair.Connect();
        Assert.True(pair.Run(() => traffic.IsComplete, TimeSpan.FromMinutes(10)), $"{pair}: {traffic}");
        Assert.Empty(pair.Errors);

        var closer = seed % 2 == 0 ? pair.Left : pair.Right;
        closer.Close(pair.Now);
        Assert.True(pair.Run(() => closer.ConnectionState == PeerConnectionState.Closed), $"{pair}: {traffic}");
        return $"{pair.Now} {pair.Left.GetStatistics()} {pair.Right.GetStatistics()}";
    }

    /// <summary>Numbered messages on two negotiated channels and one in-band, both ways; each side checks number and content.</summary>
    private sealed class Traffic
    {
        private readonly PeerConnectionPair _pair;
        private readonly SeededRandomSource _random;
        private readonly Dictionary<(PeerConnection, string), int> _next = [];
        private int _received;

        public Traffic(PeerConnectionPair pair, SeededRandomSource random)
        {
            _pair = pair;
            _random = random;
            pair.OnEvent = OnEvent;
            foreach (var connection in (PeerConnection[])[pair.Left, pair.Right])
            {
                connection.CreateDataChannel(pair.Now, "control", new DataChannelInit { Negotiated = true, Id = 0, Priority = DataChannelPriority.High });
                connection.CreateDataChannel(pair.Now, "reliable", new DataChannelInit { Negotiated = true, Id = 1 });
            }

            pair.Left.CreateDataChannel(pair.Now, "announced", new DataChannelInit());
        }

        public bool IsComplete => _received == MessagesPerChannel * 3 * 2;

        public override string ToString() => $"{_received} of {MessagesPerChannel * 3 * 2} messages";

        private void OnEvent(PeerConnection connection, PeerConnectionEvent e)
        {
            switch (e.Kind)
            {
                case PeerConnectionEventKind.ChannelOpened or PeerConnectionEventKind.DataChannelAnnounced:
                    SendAll(e.Channel!);
                    break;
                case PeerConnectionEventKind.ConnectionStateChanged when e.State == PeerConnectionState.Failed && _pair.Left.SignalingState == SignalingState.Stable:
                    // One loss in five takes the consent of RFC 7675 away once in some hundred runs: what an application then does.
                    _pair.Offer(_pair.Left, iceRestart: true);
                    break;
                case PeerConnectionEventKind.Message:
                    Check(connection, e.Channel!.Label, e.Data.Span);
                    break;
            }
        }

        private void SendAll(DataChannel channel)
        {
            for (var i = 0; i < MessagesPerChannel; i++)
            {
                var message = new byte[4 + (_random.NextInt32(4) == 0 ? _random.NextInt32(6_000) : _random.NextInt32(300))];
                BinaryPrimitives.WriteInt32BigEndian(message, i);
                message.AsSpan(4).Fill((byte)i);
                Assert.Equal(DataChannelSendResult.Sent, channel.Send(_pair.Now, message, DataChannelMessageKind.Binary));
            }
        }

        private void Check(PeerConnection connection, string label, ReadOnlySpan<byte> message)
        {
            var number = BinaryPrimitives.ReadInt32BigEndian(message);
            var expected = _next.GetValueOrDefault((connection, label));
            Assert.True(number == expected, $"{_pair}: message {number} on {label} where {expected} was due");
            Assert.True(message[4..].IndexOfAnyExcept((byte)number) < 0, $"{_pair}: message {number} on {label} is damaged");
            _next[(connection, label)] = expected + 1;
            _received++;
        }
    }
}

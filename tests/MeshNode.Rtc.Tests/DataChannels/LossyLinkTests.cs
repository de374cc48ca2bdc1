using System.Buffers.Binary;
using MeshNode.Rtc.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.DataChannels;

/// <summary>Seeded runs over links that lose, reorder and duplicate; every failure names its seed.</summary>
public sealed class LossyLinkTests
{
    private static readonly DataChannelInit[] Kinds =
    [
        new() { Ordered = true },
        new() { Ordered = false },
        new() { Ordered = true, MaxRetransmits = 1 },
        new() { Ordered = false, MaxRetransmits = 0 },
        new() { Ordered = true, MaxPacketLifeTime = TimeSpan.FromMilliseconds(60) },
        new() { Ordered = false, MaxPacketLifeTime = TimeSpan.FromMilliseconds(60) },
    ];

    [Fact]
    [Trait("Category", "Long")]
    public void Reliable_messages_arrive_once_and_limited_ones_at_most_once_at_every_seed()
    {
        var count = TestScale.Count("data channel pairs over lossy links", 10_000, 1_000);
        for (var seed = 0; seed < count; seed++)
        {
            Run((ulong)seed);
        }
    }

    private static void Run(ulong seed)
    {
        var random = new SeededRandomSource(seed * 7919);
        var link = new SimulatedLinkOptions
        {
            Loss = random.NextDouble() * 0.2,
            Duplication = random.NextDouble() * 0.05,
            Delay = TimeSpan.FromMilliseconds(random.NextDouble() * 50),
            Jitter = TimeSpan.FromMilliseconds(random.NextDouble() * 30),
        };
        // Two of three pairs speak I-DATA, the others DATA: where one side does not announce it, and where none does.
        var a = seed % 3 == 0 ? TransportPair.WithoutInterleaving : TransportPair.Default;
        var b = seed % 6 == 0 ? TransportPair.WithoutInterleaving : TransportPair.Default;
        var pair = new TransportPair(seed, link, a, b);
        var fromA = new Flow(seed, pair.A.Transport, pair.B, random);
        var fromB = new Flow(seed, pair.B.Transport, pair.A, random);
        fromA.Open(pair.Now);
        fromB.Open(pair.Now);
        pair.A.Transport.Start(pair.Now);
        pair.B.Transport.Start(pair.Now);
        Assert.True(pair.RunUntil(() => pair.A.IsConnected && pair.B.IsConnected, TimeSpan.FromMinutes(5)), $"seed {seed}: not connected");

        for (var burst = 0; burst < 4; burst++)
        {
            fromA.Send(pair.Now, 8);
            fromB.Send(pair.Now, 8);
            pair.RunFor(TimeSpan.FromMilliseconds(random.NextInt32(200)));
            Assert.True(pair.A.Transport.IsConsistent() && pair.B.Transport.IsConsistent(), $"seed {seed}: counts or timers disagree");
        }

        Assert.True(
            pair.RunUntil(() => fromA.IsComplete && fromB.IsComplete, TimeSpan.FromMinutes(30)),
            $"seed {seed}: reliable messages are missing: {fromA} {fromB}, {pair.A.Error}, {pair.B.Error}");
        pair.A.Transport.Shutdown(pair.Now);
        Assert.True(pair.RunUntil(() => pair.A.IsClosed && pair.B.IsClosed, TimeSpan.FromMinutes(5)), $"seed {seed}: no end of shutdown");
        Assert.True(pair.A.Error is null || pair.B.Error is null, $"seed {seed}: {pair.A.Error} {pair.B.Error}");
    }

    /// <summary>Messages of one direction; each carries its number and a pattern that follows from it.</summary>
    private sealed class Flow
    {
        private readonly ulong _seed;
        private readonly DataChannelTransport _sender;
        private readonly RandomSource _random;
        private readonly DataChannel[] _channels = new DataChannel[Kinds.Length];
        private readonly List<int>[] _sizes = [.. Kinds.Select(_ => new List<int>())];
        private readonly List<int>[] _received = [.. Kinds.Select(_ => new List<int>())];
        private readonly HashSet<int>[] _seen = [.. Kinds.Select(_ => new HashSet<int>())];

        public Flow(ulong seed, DataChannelTransport sender, TransportEnd receiver, RandomSource random)
        {
            _seed = seed;
            _sender = sender;
            _random = random;
            receiver.OnMessage = Receive;
        }

        /// <summary>Both reliable kinds have all that was sent.</summary>
        public bool IsComplete => _received[0].Count == _sizes[0].Count && _received[1].Count == _sizes[1].Count;

        public void Open(MonotonicTime now)
        {
            for (var i = 0; i < Kinds.Length; i++)
            {
                _channels[i] = _sender.CreateDataChannel(now, $"{i}", Kinds[i]);
            }
        }

        public void Send(MonotonicTime now, int count)
        {
            for (var i = 0; i < count; i++)
            {
                for (var kind = 0; kind < Kinds.Length; kind++)
                {
                    var size = 4 + (_random.NextInt32(8) == 0 ? _random.NextInt32(20_000) : _random.NextInt32(600));
                    var data = new byte[size];
                    var number = _sizes[kind].Count;
                    data.AsSpan().Fill((byte)number);
                    BinaryPrimitives.WriteInt32BigEndian(data, number);
                    _sizes[kind].Add(size);
                    Assert.Equal(DataChannelSendResult.Sent, _channels[kind].Send(now, data, DataChannelMessageKind.Binary));
                }
            }
        }

        public override string ToString() => string.Join(' ', Kinds.Select((_, i) => $"{_received[i].Count}/{_sizes[i].Count}"));

        private void Receive(DataChannel channel, ReadOnlyMemory<byte> data)
        {
            var kind = channel.Label[0] - '0';
            var number = BinaryPrimitives.ReadInt32BigEndian(data.Span);
            Assert.True(number >= 0 && number < _sizes[kind].Count, $"seed {_seed}: kind {kind} received number {number}");
            Assert.True(_sizes[kind][number] == data.Length, $"seed {_seed}: kind {kind} message {number} has a wrong size");
            Assert.True(!data.Span[4..].ContainsAnyExcept((byte)number), $"seed {_seed}: kind {kind} message {number} has wrong bytes");
            Assert.True(_seen[kind].Add(number), $"seed {_seed}: kind {kind} received message {number} twice");
            var received = _received[kind];
            if (Kinds[kind].Ordered)
            {
                Assert.True(received.Count == 0 || received[^1] < number, $"seed {_seed}: kind {kind} received {number} out of order");
            }

            received.Add(number);
        }
    }
}

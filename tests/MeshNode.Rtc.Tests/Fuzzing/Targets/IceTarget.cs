using System.Buffers.Binary;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Stun;
using MeshNode.Rtc.Tests.Ice;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>
/// An ICE agent in one of its states, fed messages whose attributes are arbitrary and whose integrity is mostly right: what a peer
/// may do that was invited and means harm.
/// <code>input: 0 class and path, 1 whose password and which transaction; then attributes</code>
/// </summary>
internal sealed class IceTarget(IceConnectionState state) : FuzzTarget
{
    private readonly byte[] _message = new byte[4096];
    private readonly byte[] _buffer = new byte[2048];
    private readonly List<(StunTransactionId Id, TransportPath Path)> _sent = [];
    private IceHarness _net = null!;
    private IceEndpoint _near = null!;
    private IceEndpoint _far = null!;
    private MonotonicTime _now;

    public override string Name => $"ice in {state}";

    public override IReadOnlyList<byte[]> Seeds =>
    [
        [0, 0, 0x80, 0x29, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0x24, 0, 4, 110, 0, 1, 255], // a check of a controlled agent
        [0, 0, 0x80, 0x2A, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0x25, 0, 0, 0, 0x24, 0, 4, 110, 0, 1, 255], // of a controlling one, which nominates
        [2, 1, 0, 0x20, 0, 8, 0, 1, 0x32, 0x9A, 0xE1, 0x12, 0xA6, 0x43], // an answer
        [3, 1, 0, 9, 0, 4, 0, 0, 4, 87], // a refusal: role conflict
        [1, 0], // an indication
    ];

    public override long AllocationLimit => 256 * 1024;

    public override void Begin(ulong seed)
    {
        _net = new IceHarness(seed);
        var configuration = new IceAgentConfiguration { NominatesBestPairAtOnce = state != IceConnectionState.Connected };
        _near = _net.Add(seed % 2 == 0 ? IceRole.Controlling : IceRole.Controlled, configuration, "192.0.2.1:5000", "192.0.2.3:5000");
        _far = _net.Add(seed % 2 == 0 ? IceRole.Controlled : IceRole.Controlling, configuration, "192.0.2.2:6000");
        _sent.Clear();
        _net.Tap = (path, bytes) =>
        {
            Note(path, bytes);
            return bytes;
        };
        Reach();
        Assert.Equal(state, _near.Agent.State);
        _now = _net.Now;
    }

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        if (input.Length < 2)
        {
            return 0;
        }

        var path = new TransportPath(
            _near.Candidates[input[0] >> 7].Address,
            (input[0] & 0x40) == 0 ? _far.Candidates[0].Address : TransportAddress.FromIPv4(0xCB007100u + (uint)random.NextInt32(200), (ushort)(1000 + random.NextInt32(4))));
        var message = Write(input, ref path, random);
        var before = (_near.Agent.State, _near.Agent.Statistics);
        _near.Agent.HandleDatagram(_now, path, message);
        var sent = Drain();
        if (random.NextInt32(16) == 0)
        {
            _now += TimeSpan.FromMilliseconds(random.NextInt32(3000));
            _near.Agent.HandleTimeout(_now);
            sent += Drain();
        }

        var statistics = _near.Agent.Statistics;
        return Feature(
            (int)before.State,
            (int)_near.Agent.State,
            (int)_near.Agent.Role,
            input[0] & 3,
            Bucket(sent),
            statistics.Malformed > before.Statistics.Malformed ? 1 : 0,
            statistics.Unauthenticated > before.Statistics.Unauthenticated ? 1 : 0,
            statistics.RequestsReceived > before.Statistics.RequestsReceived ? 1 : 0,
            statistics.ResponsesReceived > before.Statistics.ResponsesReceived ? 1 : 0,
            _near.Agent.SelectedPath is null ? 0 : 1);
    }

    private void Reach()
    {
        switch (state)
        {
            case IceConnectionState.New:
                return;
            case IceConnectionState.Closed:
                _near.Agent.Close();
                return;
            case IceConnectionState.Checking or IceConnectionState.Failed:
                _net.Carries = _ => false;
                break;
            default:
                break;
        }

        _net.Introduce(_near, _far);
        if (state == IceConnectionState.Disconnected)
        {
            _net.RunUntil(() => _near.IsCompleted, TimeSpan.FromSeconds(5));
            _net.Carries = _ => false;
        }

        _net.RunUntil(() => _near.Agent.State == state, TimeSpan.FromSeconds(60));
    }

    private ReadOnlySpan<byte> Write(Span<byte> input, ref TransportPath path, RandomSource random)
    {
        var messageClass = (input[0] & 3) switch
        {
            0 => StunMessageClass.Request,
            1 => StunMessageClass.Indication,
            2 => StunMessageClass.SuccessResponse,
            _ => StunMessageClass.ErrorResponse,
        };
        var id = new StunTransactionId(random.NextUInt32(), random.NextUInt64());
        if (messageClass is StunMessageClass.SuccessResponse or StunMessageClass.ErrorResponse && _sent.Count > 0)
        {
            (id, var asked) = _sent[^(1 + (input[1] % Math.Min(_sent.Count, 4)))];
            path = random.NextInt32(8) == 0 ? path : asked;
        }

        var writer = new StunWriter(_message, messageClass, random.NextInt32(32) == 0 ? 2 : StunMethod.Binding, id);
        var isRequest = messageClass == StunMessageClass.Request;
        if (isRequest && random.NextInt32(16) != 0)
        {
            var user = $"{_near.Agent.LocalCredentials.UsernameFragment}:{_far.Agent.LocalCredentials.UsernameFragment}";
            writer.WriteBytes(StunAttributeType.Username, System.Text.Encoding.ASCII.GetBytes(user));
        }

        WriteAttributes(ref writer, input[2..]);
        var password = isRequest ? _near.Agent.LocalCredentials.Password : _far.Agent.LocalCredentials.Password;
        if (random.NextInt32(16) != 0)
        {
            var key = System.Text.Encoding.ASCII.GetBytes(password);
            if ((input[1] & 0x80) == 0)
            {
                writer.WriteMessageIntegrity(key);
            }
            else
            {
                writer.WriteMessageIntegritySha256(key);
            }
        }

        if (random.NextInt32(4) != 0)
        {
            writer.WriteFingerprint();
        }

        return _message.AsSpan(0, writer.Length);
    }

    internal static void WriteAttributes(ref StunWriter writer, ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= 4 && writer.Length < 1500)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]) & 0x7F, attributes.Length - 4);
            writer.WriteBytes((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(attributes), attributes.Slice(4, length));
            attributes = attributes[Math.Min(attributes.Length, 4 + ((length + 3) & ~3))..];
        }
    }

    private int Drain()
    {
        var sent = 0;
        while (_near.Agent.TryTransmit(_now, _buffer, out var transmit))
        {
            Note(transmit.Path, _buffer.AsSpan(0, transmit.Length));
            Assert.True(++sent < 500, "sends without end");
        }

        for (var events = 0; _near.Agent.TryReadEvent(out _); events++)
        {
            Assert.True(events < 500, "events without end");
        }

        return sent;
    }

    private void Note(in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        if (StunDatagram.IsStun(datagram) && StunDatagram.ReadClass(datagram) == StunMessageClass.Request && path.Local != _far.Candidates[0].Address)
        {
            _sent.Add((StunTransactionId.Read(datagram[8..]), path));
            if (_sent.Count > 64)
            {
                _sent.RemoveAt(0);
            }
        }
    }
}

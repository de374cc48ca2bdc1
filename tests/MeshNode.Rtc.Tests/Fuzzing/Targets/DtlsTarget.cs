using System.Buffers.Binary;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Tests.Dtls;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>DTLS by OpenSSL at four moments of its life, fed mutated datagrams of a real handshake.</summary>
internal sealed class DtlsTarget(DtlsTarget.Moment moment) : FuzzTarget
{
    private static readonly Lazy<IReadOnlyList<byte[]>> Recorded = new(Record);

    private readonly byte[] _plaintext = new byte[16384];
    private readonly byte[] _buffer = new byte[16384];
    private DtlsPair? _pair;
    private DtlsTransport _target = null!;
    private MonotonicTime _now;

    internal enum Moment
    {
        /// <summary>A server that has heard nothing.</summary>
        ServerBegins,

        /// <summary>A client that has sent its hello.</summary>
        ClientBegins,

        /// <summary>A server that waits for the client's second flight.</summary>
        ServerWaits,

        Connected,
    }

    public override string Name => $"dtls, {moment}";

    public override IReadOnlyList<byte[]> Seeds => Recorded.Value;

    public override int InputsPerSession => moment == Moment.Connected ? 200 : 20;

    public override bool IsOver => _target.State is DtlsState.Failed or DtlsState.Closed;

    public override void Begin(ulong seed)
    {
        _pair = new DtlsPair();
        _now = MonotonicTime.FromMilliseconds(1000);
        _target = moment is Moment.ClientBegins ? _pair.Client : _pair.Server;
        switch (moment)
        {
            case Moment.ServerBegins:
                _pair.Server.Start(_now, TimeSpan.FromMilliseconds(50));
                break;
            case Moment.ClientBegins:
                _pair.Client.Start(_now, TimeSpan.FromMilliseconds(50));
                break;
            case Moment.ServerWaits:
                _pair.Filter = (toServer, number, _) => toServer && number == 0;
                _pair.Start();
                _pair.Run(TimeSpan.FromMilliseconds(30));
                break;
            default:
                _pair.Start();
                _pair.Run(until: () => _pair.Client.State == DtlsState.Connected && _pair.Server.State == DtlsState.Connected);
                break;
        }
    }

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        if (input.Length >= 13 && random.NextInt32(4) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(input[11..], (ushort)(input.Length - 13)); // the record ends with the datagram
        }

        var before = _target.State;
        var delivered = 0;
        for (ReadOnlySpan<byte> next = input; _target.HandleDatagram(_now, next, _plaintext, out _); next = default)
        {
            delivered++;
        }

        Assert.True(moment == Moment.Connected || delivered == 0, "plaintext came out of a handshake that nobody completed");
        var sent = 0;
        while (_target.TryTransmit(_now, _buffer, out var length))
        {
            sent += length;
        }

        _now += TimeSpan.FromMilliseconds(random.NextInt32(30));
        _target.HandleTimeout(_now);
        while (_target.TryTransmit(_now, _buffer, out var length))
        {
            sent += length;
        }

        return Feature(
            (int)before,
            (int)_target.State,
            input.Length > 0 ? input[0] : -1,
            input.Length > 13 ? input[13] : -1,
            Bucket(sent / 100),
            delivered,
            _target.FailureReason is { } reason ? SdpTarget.Kind(reason) : 0);
    }

    public override void End()
    {
        _pair?.Dispose();
        _pair = null;
    }

    private static List<byte[]> Record()
    {
        var recorded = new List<byte[]>();
        using var pair = new DtlsPair();
        pair.Filter = (_, _, datagram) =>
        {
            recorded.Add(datagram);
            return true;
        };
        pair.Start();
        pair.Run(until: () => pair.Client.State == DtlsState.Connected && pair.Server.State == DtlsState.Connected);
        pair.Send(pair.Client, [1, 2, 3]);
        pair.Client.Close();
        pair.Drain();
        return recorded;
    }
}

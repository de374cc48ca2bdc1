using BenchmarkDotNet.Attributes;
using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;

namespace MeshNode.Benchmarks.Cases.Allocations;

/// <summary>
/// Two transports in virtual time: a message goes out in packets, they are taken, acknowledged and put together, and the
/// message is read. What both ends allocate counts.
/// </summary>
public class SctpDataBenchmark
{
    private readonly byte[] _packet = new byte[16 * 1024];
    private readonly DataChannelTransport _a = new(new DataChannelTransportConfiguration(), new SeededRandomSource(1), new SeededRandomSource(2));
    private readonly DataChannelTransport _b = new(new DataChannelTransportConfiguration(), new SeededRandomSource(3), new SeededRandomSource(4));
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);
    private byte[] _message = [];
    private DataChannel _channel = null!;
    private long _received;

    /// <summary>Bytes of a message.</summary>
    [Params(100, 1_100, 16 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        _message = new byte[Size];
        _a.SetDtlsRole(isDtlsClient: true);
        _b.SetDtlsRole(isDtlsClient: false);
        _channel = _a.CreateDataChannel(_now, "d", new DataChannelInit());
        _a.Start(_now);
        _b.Start(_now);
        for (var i = 0; i < 1000 && _channel.ReadyState != DataChannelState.Open; i++)
        {
            Advance();
        }
    }

    [Benchmark(Description = "SCTP data out and in, with acknowledgements")]
    public long Transfer()
    {
        var expected = _received + Size;
        if (_channel.Send(_now, _message, DataChannelMessageKind.Binary) != DataChannelSendResult.Sent)
        {
            throw new InvalidOperationException("not sent");
        }

        while (Carry(_a, _b) | Carry(_b, _a) | _received < expected)
        {
            if (_received < expected)
            {
                Advance();
            }
        }

        return _received;
    }

    private void Advance()
    {
        _now += TimeSpan.FromMicroseconds(100);
        if (_a.NextTimeout <= _now)
        {
            _a.HandleTimeout(_now);
        }

        if (_b.NextTimeout <= _now)
        {
            _b.HandleTimeout(_now);
        }

        while (Carry(_a, _b) | Carry(_b, _a))
        {
        }
    }

    private bool Carry(DataChannelTransport from, DataChannelTransport to)
    {
        var moved = false;
        while (from.TryTransmit(_now, _packet, out var length))
        {
            moved = true;
            to.HandlePacket(_now, _packet.AsSpan(0, length));
        }

        while (to.TryReadEvent(out var channelEvent))
        {
            _received += channelEvent.Data.Length;
        }

        return moved;
    }
}

using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>Losses on a path of 50 ms there and back, packet by packet: what finds them, and when.</summary>
public sealed class LossRecoveryTests
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(25);
    private static readonly StreamId Stream = new(1);

    private readonly byte[] _buffer = new byte[4096];
    private readonly AssociationPair _pair = new(1);

    public LossRecoveryTests()
    {
        _pair.A.Associate(_pair.Now);
        for (var i = 0; i < 4; i++)
        {
            _pair.AToB();
            _pair.Now += OneWay;
            _pair.BToA();
            _pair.Now += OneWay;
        }

        Assert.Equal(SctpState.Established, _pair.A.State);
        for (var i = 0; i < 6; i++)
        {
            Send(2);
            Deliver(2);
            ReturnSacks();
        }

        Assert.Equal(0, _pair.A.Statistics.BytesInFlight);
    }

    private TimeSpan Rto => _pair.A.Statistics.RetransmissionTimeout;

    [Fact]
    public void A_lost_tail_is_found_by_a_probe_long_before_t3()
    {
        var start = _pair.Now;
        var rto = Rto;
        Send(4);
        Deliver(2);
        Lose(2);
        ReturnSacks();
        _pair.Now = _pair.A.NextTimeout!.Value;
        Assert.True(_pair.Now - start < rto, $"the first deadline is after {_pair.Now - start}, the RTO {rto}");
        _pair.A.HandleTimeout(_pair.Now);
        Deliver(1); // the probe is the last chunk; its SACK shows that the one before is missing
        Assert.False(_pair.A.TryTransmit(_pair.Now, _buffer, out _), "one probe and no more");
        ReturnSacks();
        Deliver(1);
        ReturnSacks();
        Assert.Equal(0, _pair.A.Statistics.BytesInFlight);
        Assert.Equal(2, _pair.A.Statistics.Retransmissions);
        Assert.True(_pair.Now - start < 2 * rto);
        Assert.True(_pair.A.IsConsistent());
    }

    [Fact]
    public void A_lost_retransmission_is_found_by_what_is_sent_after_it()
    {
        var start = _pair.Now;
        Send(6);
        Lose(1);
        Deliver(5);
        ReturnSacks();
        Lose(1); // the retransmission
        Assert.Equal(1, _pair.A.Statistics.Retransmissions);
        Send(2);
        Deliver(2);
        ReturnSacks();
        Deliver(1);
        ReturnSacks();
        Assert.Equal(2, _pair.A.Statistics.Retransmissions);
        Assert.Equal(0, _pair.A.Statistics.BytesInFlight);
        Assert.True(_pair.Now - start < TimeSpan.FromMilliseconds(200), $"{_pair.Now - start}");
    }

    /// <summary>RFC 8985 §6.2: a quarter of the least round trip may pass before a chunk that was overtaken once counts as lost.</summary>
    [Fact]
    public void A_packet_that_is_overtaken_by_one_other_is_not_sent_again()
    {
        Send(2);
        var late = Take();
        Deliver(1);
        _pair.Now += OneWay;
        _pair.BToA();
        Assert.False(_pair.A.TryTransmit(_pair.Now, _buffer, out _), "sent again at once");
        _pair.B.HandlePacket(_pair.Now, late);
        _pair.Now += TimeSpan.FromMilliseconds(5);
        while (_pair.BToA())
        {
        }

        Assert.Equal(0, _pair.A.Statistics.Retransmissions);
        Assert.Equal(0, _pair.A.Statistics.BytesInFlight);
    }

    [Fact]
    public void A_packet_that_stays_away_is_sent_again_when_the_reordering_window_is_over()
    {
        Send(2);
        Lose(1);
        Deliver(1);
        _pair.Now += OneWay;
        _pair.BToA();
        Assert.False(_pair.A.TryTransmit(_pair.Now, _buffer, out _), "sent again at once");
        var due = _pair.A.NextTimeout!.Value;
        Assert.True(due - _pair.Now <= TimeSpan.FromMilliseconds(20), $"due after {due - _pair.Now}");
        _pair.Now = due;
        _pair.A.HandleTimeout(due);
        Assert.True(_pair.AToB());
        Assert.Equal(1, _pair.A.Statistics.Retransmissions);
    }

    /// <summary>A path that paused: nothing was lost, and the window is as it was before.</summary>
    [Fact]
    public void A_timeout_whose_chunks_arrive_after_all_is_taken_back()
    {
        var before = _pair.A.Statistics.CongestionWindow;
        Send(4);
        var packets = new List<byte[]> { Take(), Take(), Take(), Take() };
        while (_pair.A.Statistics.Retransmissions < 2)
        {
            _pair.Now = _pair.A.NextTimeout!.Value;
            _pair.A.HandleTimeout(_pair.Now);
            Assert.True(_pair.A.TryTransmit(_pair.Now, _buffer, out _) || _pair.A.Statistics.Retransmissions < 2);
        }

        Assert.True(_pair.A.Statistics.CongestionWindow < before, $"the timeout left {_pair.A.Statistics.CongestionWindow} of {before}");
        packets.ForEach(packet => _pair.B.HandlePacket(_pair.Now, packet));
        ReturnSacks();
        Assert.True(_pair.A.Statistics.CongestionWindow >= before, $"{_pair.A.Statistics.CongestionWindow} of {before}");
        Assert.Equal(0, _pair.A.Statistics.BytesInFlight);
    }

    [Fact]
    public void A_message_that_may_not_be_sent_again_is_not_used_as_a_probe()
    {
        var options = new SendOptions(MaxRetransmissions: 0);
        Assert.True(_pair.A.TrySend(_pair.Now, Stream, 53, new byte[1000], options));
        Assert.True(_pair.A.TrySend(_pair.Now, Stream, 53, new byte[1000], options));
        Lose(2);
        var first = _pair.A.NextTimeout!.Value;
        _pair.Now = first;
        _pair.A.HandleTimeout(first);
        Assert.False(_pair.A.TryTransmit(first, _buffer, out _), "a probe");
        Assert.Equal(0, _pair.A.Statistics.MessagesAbandoned);
        _pair.Now = _pair.A.NextTimeout!.Value;
        _pair.A.HandleTimeout(_pair.Now);
        Assert.True(_pair.AToB(), "T3-rtx gives them up and says so");
        Assert.Equal(2, _pair.A.Statistics.MessagesAbandoned);
    }

    private void Send(int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            Assert.True(_pair.A.TrySend(_pair.Now, Stream, 53, new byte[1100], default));
        }
    }

    private void Deliver(int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            WaitForPacer();
            Assert.True(_pair.AToB(), $"packet {i + 1} of {packets} is missing");
        }
    }

    private void Lose(int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            Take();
        }
    }

    private byte[] Take()
    {
        WaitForPacer();
        Assert.True(_pair.A.TryTransmit(_pair.Now, _buffer, out var length));
        return _buffer[..length];
    }

    /// <summary>A few milliseconds at most; longer waits are other timers'.</summary>
    private void WaitForPacer()
    {
        if (_pair.A.NextTimeout is { } next && next > _pair.Now && next - _pair.Now < TimeSpan.FromMilliseconds(8))
        {
            _pair.Now = next;
            _pair.A.HandleTimeout(next);
        }
    }

    /// <summary>After a round trip, with what the receiver delays.</summary>
    private void ReturnSacks()
    {
        _pair.Now += OneWay;
        _pair.B.HandleTimeout(_pair.Now);
        while (_pair.B.TryReadEvent(out var e))
        {
            if (e.Kind == SctpEventKind.Message)
            {
                _pair.B.ReleaseWindow(e.Length);
                BufferPool.Return(e.Buffer!);
            }
        }

        _pair.Now += OneWay;
        while (_pair.BToA())
        {
        }

        while (_pair.A.TryReadEvent(out _))
        {
        }
    }
}

using MeshNode.Mesh.Peers;
using MeshNode.Rtc.DataChannels;

namespace MeshNode.Mesh.Tests.Peers;

public sealed class ChannelQueueTests
{
    private static readonly ChannelQueueOptions Options = new() { HighWaterMark = 100, LowWaterMark = 20, Capacity = 50 };

    [Fact]
    public void Message_waits_until_the_channel_opens_and_goes_in_order()
    {
        var queue = new ChannelQueue(Options);
        var channel = new ScriptedChannel();

        Assert.Equal(ChannelSendOutcome.Queued, queue.Send([1], channel: null));
        Assert.Equal(ChannelSendOutcome.Queued, queue.Send([2, 2], channel: null));
        Assert.Equal(3, queue.QueuedBytes);
        Assert.Equal(2, queue.Flush(channel, _ => Assert.Fail("nothing is too large")));

        Assert.Equal([[1], [2, 2]], channel.Sent);
        Assert.Equal(0, queue.QueuedBytes);
    }

    [Fact]
    public void Sending_stops_above_the_high_water_mark_and_resumes_under_the_low_one()
    {
        var queue = new ChannelQueue(Options);
        var channel = new ScriptedChannel { BufferedAmount = 95 };

        Assert.Equal(ChannelSendOutcome.Queued, queue.Send(new byte[10], channel));
        Assert.True(queue.Backpressured);

        channel.BufferedAmount = 21;
        Assert.Equal(0, queue.Flush(channel, _ => { }));

        channel.BufferedAmount = 20;
        Assert.Equal(1, queue.Flush(channel, _ => { }));
        Assert.False(queue.Backpressured);
    }

    [Fact]
    public void What_does_not_fit_is_refused_at_once()
    {
        var queue = new ChannelQueue(Options);
        queue.Send(new byte[30], channel: null);

        Assert.Equal(ChannelSendOutcome.Refused, queue.Send(new byte[21], channel: null));
        Assert.Equal(ChannelSendOutcome.Queued, queue.Send(new byte[20], channel: null));
    }

    [Fact]
    public void Later_message_does_not_overtake_a_waiting_one()
    {
        var queue = new ChannelQueue(Options);
        var channel = new ScriptedChannel();
        queue.Send([1], channel: null);

        Assert.Equal(ChannelSendOutcome.Queued, queue.Send([2], channel));
        queue.Flush(channel, _ => { });

        Assert.Equal([[1], [2]], channel.Sent);
    }

    [Fact]
    public void Message_above_the_far_limit_is_reported_and_does_not_block_the_next()
    {
        var queue = new ChannelQueue(Options);
        var channel = new ScriptedChannel { MaxMessageSize = 5 };
        List<byte[]> tooLarge = [];
        queue.Send(new byte[6], channel: null);
        queue.Send([7], channel: null);

        queue.Flush(channel, tooLarge.Add);

        Assert.Equal(6, Assert.Single(tooLarge).Length);
        Assert.Equal([[7]], channel.Sent);
        Assert.Equal(ChannelSendOutcome.TooLarge, queue.Send(new byte[6], channel));
    }

    private sealed class ScriptedChannel : IChannelPort
    {
        public List<byte[]> Sent { get; } = [];

        public long BufferedAmount { get; set; }

        public int MaxMessageSize { get; set; } = 1000;

        public DataChannelSendResult Send(ReadOnlySpan<byte> message)
        {
            if (message.Length > MaxMessageSize)
            {
                return DataChannelSendResult.TooLarge;
            }

            Sent.Add(message.ToArray());
            return DataChannelSendResult.Sent;
        }
    }
}

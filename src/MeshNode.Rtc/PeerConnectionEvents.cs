using MeshNode.Rtc.DataChannels;

namespace MeshNode.Rtc;

/// <summary>
/// Orders what the owner reads: the connection's own events, then the channels' as they are asked for (their buffers
/// live only until the next), and the end when everything else has been read.
/// </summary>
internal sealed class PeerConnectionEvents(DataChannelTransport channels, PeerConnectionProgress progress)
{
    private readonly Queue<PeerConnectionEvent> _own = new();

    public void Add(in PeerConnectionEvent rtcEvent) => _own.Enqueue(rtcEvent);

    public bool TryRead(out PeerConnectionEvent rtcEvent)
    {
        while (!_own.TryDequeue(out rtcEvent))
        {
            if (!channels.TryReadEvent(out var channelEvent))
            {
                return progress.TryTakeFinalEvent(out rtcEvent);
            }

            switch (channelEvent.Kind)
            {
                case DataChannelEventKind.Connected:
                    break; // the W3C's connection state says nothing of SCTP; channels say that they are open
                case DataChannelEventKind.Closed:
                    progress.AssociationEnded(channelEvent.Error);
                    break;
                default:
                    rtcEvent = Translate(channelEvent);
                    return true;
            }
        }

        return true;
    }

    private static PeerConnectionEvent Translate(in DataChannelEvent channelEvent) => new(
        channelEvent.Kind switch
        {
            DataChannelEventKind.ChannelAnnounced => PeerConnectionEventKind.DataChannelAnnounced,
            DataChannelEventKind.ChannelOpened => PeerConnectionEventKind.ChannelOpened,
            DataChannelEventKind.ChannelClosing => PeerConnectionEventKind.ChannelClosing,
            DataChannelEventKind.ChannelClosed => PeerConnectionEventKind.ChannelClosed,
            DataChannelEventKind.BufferedAmountLow => PeerConnectionEventKind.BufferedAmountLow,
            _ => PeerConnectionEventKind.Message,
        },
        channelEvent.Channel,
        channelEvent.Data,
        channelEvent.MessageKind);
}

using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.DataChannels;

internal sealed record ReceivedMessage(DataChannel Channel, byte[] Data, DataChannelMessageKind Kind);

/// <summary>One side of a <see cref="TransportPair"/>, and what happened on it.</summary>
internal sealed class TransportEnd(DataChannelTransport transport, SimulatedLink link)
{
    public DataChannelTransport Transport { get; } = transport;

    /// <summary>Carries what this side sends.</summary>
    public SimulatedLink Link { get; } = link;

    /// <summary>While set, events are left unread, as by an application that is busy.</summary>
    public bool IsPaused { get; set; }

    public bool IsConnected { get; private set; }

    public bool IsClosed { get; private set; }

    public SctpError? Error { get; private set; }

    public List<DataChannel> Announced { get; } = [];

    public List<ReceivedMessage> Messages { get; } = [];

    public List<(DataChannelEventKind Kind, DataChannel? Channel)> Events { get; } = [];

    /// <summary>Instead of keeping messages.</summary>
    public Action<DataChannel, ReadOnlyMemory<byte>>? OnMessage { get; set; }

    public bool ReadEvents()
    {
        var any = false;
        while (!IsPaused && Transport.TryReadEvent(out var e))
        {
            any = true;
            if (e.Kind == DataChannelEventKind.Message && OnMessage is { } handler)
            {
                handler(e.Channel!, e.Data);
                continue;
            }

            Events.Add((e.Kind, e.Channel));
            switch (e.Kind)
            {
                case DataChannelEventKind.Connected:
                    IsConnected = true;
                    break;
                case DataChannelEventKind.ChannelAnnounced:
                    Announced.Add(e.Channel!);
                    break;
                case DataChannelEventKind.Message:
                    Messages.Add(new ReceivedMessage(e.Channel!, e.Data.ToArray(), e.MessageKind));
                    break;
                case DataChannelEventKind.Closed:
                    IsClosed = true;
                    Error = e.Error;
                    break;
                default:
                    break;
            }
        }

        return any;
    }

    public int Count(DataChannelEventKind kind) => Events.Count(e => e.Kind == kind);
}

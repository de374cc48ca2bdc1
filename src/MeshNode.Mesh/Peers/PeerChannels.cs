using System.Text;
using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// What one peer's channels carry once its key is proved: the four queues, the messages whose acknowledgement is awaited,
/// and where each frame that comes in goes. Touched only by the peer's mailbox.
/// </summary>
internal sealed class PeerChannels
{
    /// <summary>A delivery's timer; its own type, so that it cannot be another timer's key.</summary>
    private readonly record struct DeliveryTimer(ulong Sequence);

    private const string Path = "direct";

    private readonly PeerId _peer;
    private readonly MeshContext _context;
    private readonly IActorRef _owner;
    private readonly EventStream _events;
    private readonly Func<ITimerScheduler> _timers;
    private readonly Func<ChannelKind, IChannelPort?> _openChannel;
    private readonly ChannelQueue[] _queues;
    private readonly PeerDeliveries _deliveries = new();
    private ulong _controlSequence;

    /// <param name="peer">Whose channels.</param>
    /// <param name="context">The mesh.</param>
    /// <param name="owner">The peer's actor; gets <see cref="DeliveryExpired"/> from its own timers.</param>
    /// <param name="events">Where channel events are published.</param>
    /// <param name="timers">The owner's timers, which exist once it has started.</param>
    /// <param name="openChannel">A channel that is open to a peer whose key is proved, or null.</param>
    public PeerChannels(
        PeerId peer, MeshContext context, IActorRef owner, EventStream events, Func<ITimerScheduler> timers, Func<ChannelKind, IChannelPort?> openChannel)
    {
        _peer = peer;
        _context = context;
        _owner = owner;
        _events = events;
        _timers = timers;
        _openChannel = openChannel;
        _queues = [.. Enumerable.Range(0, ChannelKinds.Count).Select(_ => new ChannelQueue(context.Options.Queue))];
    }

    /// <summary>No acknowledgement came in time.</summary>
    public sealed record DeliveryExpired(ulong Sequence);

    /// <summary>Each channel's state and what waits in it.</summary>
    /// <param name="connection">The current connection, or null.</param>
    public ChannelSnapshot[] Describe(IPeerConnectionPort? connection)
    {
        var channels = new ChannelSnapshot[ChannelKinds.Count];
        for (var kind = ChannelKind.Control; kind <= ChannelKind.File; kind++)
        {
            var port = connection?.Channel(kind);
            var state = port is not null ? "open" : connection is not null ? "connecting" : "closed";
            channels[(int)kind] = new(kind.Label(), state, _queues[(int)kind].QueuedBytes + (port?.BufferedAmount ?? 0));
        }

        return channels;
    }

    /// <summary>The link is up: everything that waited goes, in order.</summary>
    /// <param name="controlSequence">The number of the next frame on <c>control</c>, after those of hello.</param>
    public void Open(ulong controlSequence)
    {
        _controlSequence = controlSequence;
        FlushAll();
    }

    /// <summary>The path works again: what waited meanwhile goes.</summary>
    public void FlushAll()
    {
        for (var channel = ChannelKind.Control; channel <= ChannelKind.File; channel++)
        {
            Flush(channel);
        }
    }

    /// <summary>
    /// The connection is gone. Messages that were never given to it wait for the next one; those that were may or may not
    /// have arrived, which their senders are told. Housekeeping and acknowledgements belonged to that connection alone.
    /// </summary>
    public void LoseConnection()
    {
        var waiting = new HashSet<ulong>();
        foreach (var queue in _queues)
        {
            queue.Keep(frame => Frame.TryParse(frame, out var header, out _) && header.Kind == FrameKind.TextMessage && waiting.Add(header.Sequence));
        }

        foreach (var sequence in _deliveries.FailOthers(
            waiting, _context.Now, "the connection was lost before the peer acknowledged; it may have arrived", Path))
        {
            _timers().Cancel(new DeliveryTimer(sequence));
        }
    }

    /// <summary>Nothing more will be sent: what waits is dropped, and its senders are told.</summary>
    public void Close(string reason)
    {
        _deliveries.FailAll(_context.Now, reason, Path);
        foreach (var queue in _queues)
        {
            queue.Clear();
        }
    }

    public void Flush(ChannelKind channel)
    {
        if (_openChannel(channel) is { } port)
        {
            _queues[(int)channel].Flush(port, RefuseTooLarge);
            _events.Publish(new ChannelEvent(_peer, channel, ChannelEventKind.ChannelReady));
        }
    }

    public void SendControl(FrameKind kind, ReadOnlySpan<byte> body) => Send(ChannelKind.Control, Frame.Create(kind, _controlSequence++, body));

    public void Acknowledge(ulong sequence) => Send(ChannelKind.Reliable, Frame.Create(FrameKind.Acknowledge, sequence, default));

    public void SendText(SendText message, IActorRef replyTo)
    {
        var sequence = _deliveries.Add(replyTo, _context.Now);
        var outcome = Send(ChannelKind.Reliable, Frame.Create(FrameKind.TextMessage, sequence, Encoding.UTF8.GetBytes(message.Text)));
        switch (outcome)
        {
            case ChannelSendOutcome.Refused:
                Complete(sequence, "the peer's queue is full");
                break;
            case ChannelSendOutcome.TooLarge:
                Complete(sequence, "the message is larger than the far side receives");
                break;
            default:
                _timers().StartSingleTimer(new DeliveryTimer(sequence), new DeliveryExpired(sequence), message.Timeout);
                break;
        }
    }

    /// <summary>Answers the sender of a message: delivered when <paramref name="failure"/> is null.</summary>
    public void Complete(ulong sequence, string? failure)
    {
        _timers().Cancel(new DeliveryTimer(sequence));
        _deliveries.Complete(sequence, _context.Now, failure, Path);
    }

    /// <summary>
    /// Takes a frame to whom it is for. What only the peer's state machine can decide (goodbye) is returned; frames that are
    /// malformed, unknown or on the wrong channel change nothing.
    /// </summary>
    public Goodbye? Handle(ChannelKind channel, ReadOnlySpan<byte> bytes)
    {
        if (!Frame.TryParse(bytes, out var header, out var body))
        {
            return null;
        }

        switch (header.Kind)
        {
            case FrameKind.Envelope when channel == ChannelKind.Control:
                _context.Routing.Tell(new EnvelopeReceived(_peer, body.ToArray()), _owner);
                break;
            case FrameKind.Advert when channel == ChannelKind.Control:
                _context.Routing.Tell(new AdvertReceived(_peer, body.ToArray()), _owner);
                break;
            case FrameKind.Ping when channel == ChannelKind.Control:
                Send(ChannelKind.Control, Frame.Create(FrameKind.Pong, header.Sequence, default));
                break;
            case FrameKind.Goodbye when channel == ChannelKind.Control && Goodbye.TryParse(body, out var goodbye):
                return goodbye;
            case FrameKind.TextMessage:
                _context.Application.Tell(new IncomingMessage(_peer, header.Sequence, Encoding.UTF8.GetString(body)), _owner);
                break;
            case FrameKind.Acknowledge:
                Complete(header.Sequence, failure: null);
                break;
            case FrameKind.NegativeAcknowledge:
                Complete(header.Sequence, $"the far side refused it: {WireText.Sanitize(body, 256)}");
                break;
        }

        return null;
    }

    private ChannelSendOutcome Send(ChannelKind channel, byte[] frame)
    {
        var outcome = _queues[(int)channel].Send(frame, _openChannel(channel));
        _events.Publish(new ChannelEvent(_peer, channel, outcome switch
        {
            ChannelSendOutcome.Sent => ChannelEventKind.Sent,
            ChannelSendOutcome.Queued => ChannelEventKind.Queued,
            _ => ChannelEventKind.Backpressure,
        }));
        return outcome;
    }

    private void RefuseTooLarge(byte[] frame)
    {
        if (Frame.TryParse(frame, out var header, out _) && header.Kind == FrameKind.TextMessage)
        {
            Complete(header.Sequence, "the message is larger than the far side receives");
        }
    }
}

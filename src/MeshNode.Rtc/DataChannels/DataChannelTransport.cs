using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.DataChannels;

/// <summary>
/// Data channels over one SCTP association (RFC 8831), opened in-band (RFC 8832) or negotiated. Sans-IO: plain SCTP packets
/// in and out; DTLS is the owner's. Used on one thread. Reading events can open the receive window and sending fills it:
/// drain <see cref="TryTransmit"/> after either.
/// </summary>
public sealed class DataChannelTransport
{
    private const long DefaultRemoteMaxMessageSize = 65536; // RFC 8841 §6.1
    private const int MaxRefusals = 128; // resets of channels that were refused and are not answered: one request's
    private const int MaxText = 1024 * 1024; // characters of labels and protocols of all channels
    private const int FreeText = 256; // characters that any channel may have

    private readonly SctpAssociation _association;
    private readonly List<DataChannel> _channels = [];
    private readonly StreamIdAllocator _streamIds = new();
    private readonly Dictionary<ushort, DataChannel> _byId = [];
    private readonly HashSet<ushort> _refused = [];
    private readonly Queue<QueuedEvent> _events = new();
    private byte[]? _lent; // the buffer of the message that was read last
    private long _remoteMaxMessageSize = DefaultRemoteMaxMessageSize;
    private bool _isConnected;
    private bool _hasEnded;

    /// <param name="configuration">Limits; bad ones throw.</param>
    /// <param name="jitter">Seedable; spreads heartbeats.</param>
    /// <param name="secure">Makes tags, first TSNs and the cookie's secret.</param>
    public DataChannelTransport(DataChannelTransportConfiguration configuration, RandomSource jitter, RandomSource secure)
    {
        Configuration = configuration;
        _association = new SctpAssociation(configuration.Sctp with { MaxMessageSize = configuration.MaxMessageSize }, jitter, secure);
    }

    public DataChannelTransportConfiguration Configuration { get; }

    public SctpState State => _association.State;

    /// <summary>Channels that are not closed.</summary>
    public IReadOnlyCollection<DataChannel> Channels => _channels;

    public SctpStatistics Statistics => _association.Statistics;

    /// <summary>Messages for no open channel, and messages that break RFC 8831 or 8832.</summary>
    public long MessagesDiscarded { get; private set; }

    /// <summary>Bytes of an SCTP packet, without the DTLS record; at least 512. Below the configured size only before data was sent.</summary>
    public int MaxPacketSize
    {
        get => _association.MaxPacketSize;
        set => _association.MaxPacketSize = value;
    }

    public MonotonicTime? NextTimeout => _association.NextTimeout;

    /// <summary>The far side's max-message-size in bytes; long.MaxValue for no limit.</summary>
    public long RemoteMaxMessageSize => _remoteMaxMessageSize;

    /// <summary>Decides the parity of stream ids: the DTLS client takes even ones, the server odd ones (RFC 8832 §6).</summary>
    public void SetDtlsRole(bool isDtlsClient)
    {
        _streamIds.SetParity(isEven: isDtlsClient);
        foreach (var channel in _channels.ToArray())
        {
            if (channel.Id is null)
            {
                AssignId(channel);
            }
        }
    }

    /// <summary>The far side's max-message-size (RFC 8841): 65,536 when its SDP has none, 0 for no limit.</summary>
    public void SetRemoteMaxMessageSize(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _remoteMaxMessageSize = bytes == 0 ? long.MaxValue : bytes;
    }

    /// <summary>The far side takes no SCTP packets of more bytes than this; before the association begins.</summary>
    public void LimitPacketSize(int bytes) => _association.LimitPacketSize(bytes);

    /// <summary>Creates a channel, before or after the association is up; it is open when ChannelOpened says so.</summary>
    /// <exception cref="ArgumentException">Both limits of reliability, a text that is too long, or a negotiated channel without a valid id.</exception>
    /// <exception cref="InvalidOperationException">The id is in use, no id or place is left, or the association has ended.</exception>
    public DataChannel CreateDataChannel(MonotonicTime now, string label, DataChannelInit init)
    {
        init.Validate(label);
        if (_hasEnded)
        {
            throw new InvalidOperationException("The association has ended; create the channel on a new connection.");
        }

        if (_channels.Count >= Configuration.MaxChannels)
        {
            throw new InvalidOperationException($"{Configuration.MaxChannels} channels exist already; close one first or raise MaxChannels.");
        }

        if (init is { Negotiated: true, Id: { } wanted } && _byId.ContainsKey(wanted))
        {
            throw new InvalidOperationException($"Stream id {wanted} is in use; wait for its channel's ChannelClosed.");
        }

        var channel = new DataChannel(this, label, init, null) { IsAcknowledged = init.Negotiated };
        _channels.Add(channel);
        if (init.Negotiated)
        {
            Register(channel, init.Id!.Value);
        }
        else if (_streamIds.IsParityKnown)
        {
            AssignId(channel);
        }

        if (_isConnected && channel.ReadyState == DataChannelState.Connecting)
        {
            Open(channel);
        }

        return channel;
    }

    /// <summary>DTLS is up: sends INIT. Both sides do.</summary>
    public void Start(MonotonicTime now) => _association.Associate(now);

    public void HandlePacket(MonotonicTime now, ReadOnlySpan<byte> sctpPacket)
    {
        _association.HandlePacket(now, sctpPacket);
        TakeEvents(now);
    }

    public void HandleTimeout(MonotonicTime now)
    {
        var trimmed = _association.TimesTrimmed;
        _association.HandleTimeout(now);
        TakeEvents(now);
        if (_association.TimesTrimmed != trimmed && _events.Count == 0)
        {
            _events.TrimExcess();
        }
    }

    /// <summary>Writes one packet into <paramref name="destination"/>, which holds at least <see cref="MaxPacketSize"/> bytes.</summary>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out int length)
    {
        var hasPacket = _association.TryTransmit(now, destination, out length);
        TakeEvents(now);
        return hasPacket;
    }

    /// <summary>Packets take another way from now on: its MTU has to be found anew (RFC 8899).</summary>
    internal void HandlePathChange(MonotonicTime now) => _association.HandlePathChange(now);

    /// <summary>The edge could not send a packet of this size.</summary>
    internal void HandlePacketTooBig(MonotonicTime now, int size) => _association.HandlePacketTooBig(now, size);

    public bool TryReadEvent(out DataChannelEvent dataChannelEvent)
    {
        if (_lent is not null)
        {
            BufferPool.Return(_lent);
            _lent = null;
        }

        if (!_events.TryDequeue(out var queued))
        {
            dataChannelEvent = default;
            return false;
        }

        var data = ReadOnlyMemory<byte>.Empty;
        if (queued.Buffer is { } buffer)
        {
            _lent = buffer;
            _association.ReleaseWindow(queued.WireLength);
            data = buffer.AsMemory(0, queued.Length);
        }

        dataChannelEvent = new DataChannelEvent(queued.Kind, queued.Channel, data, queued.MessageKind, queued.Error);
        return true;
    }

    /// <summary>Sends what is queued, then ends the association; Closed follows.</summary>
    public void Shutdown(MonotonicTime now)
    {
        foreach (var channel in _channels)
        {
            channel.ReadyState = DataChannelState.Closing;
        }

        _association.Shutdown(now);
        TakeEvents(now);
    }

    /// <summary>Ends the association at once with an ABORT; Closed follows.</summary>
    public void Abort(MonotonicTime now, string reason)
    {
        _association.Abort(reason);
        TakeEvents(now);
    }

    /// <summary>For tests.</summary>
    internal bool IsConsistent() => _association.IsConsistent();

    internal DataChannelSendResult Send(MonotonicTime now, DataChannel channel, ReadOnlySpan<byte> data, DataChannelMessageKind kind)
    {
        if (channel.ReadyState != DataChannelState.Open)
        {
            return DataChannelSendResult.NotOpen;
        }

        if (data.Length > _remoteMaxMessageSize)
        {
            return DataChannelSendResult.TooLarge;
        }

        var stream = channel.Stream!;
        if (stream.BufferedAmount > 0 && stream.BufferedAmount + data.Length > Configuration.SendBufferLimit)
        {
            return DataChannelSendResult.BufferFull;
        }

        var isText = kind == DataChannelMessageKind.Text;
        var ppid = isText ? DataChannelPpid.String : DataChannelPpid.Binary;
        if (data.IsEmpty)
        {
            // RFC 8831 §6.6: "SCTP does not support the sending of empty user messages … send one zero byte".
            ppid = isText ? DataChannelPpid.StringEmpty : DataChannelPpid.BinaryEmpty;
            data = [0];
        }

        var options = new SendOptions(
            IsUnordered: !channel.Ordered && channel.IsAcknowledged, channel.MaxRetransmits, channel.MaxPacketLifeTime);
        return _association.TrySend(now, stream.Id, ppid, data, options) ? DataChannelSendResult.Sent : DataChannelSendResult.BufferFull;
    }

    internal void Close(MonotonicTime now, DataChannel channel)
    {
        if (channel.ReadyState is DataChannelState.Closing or DataChannelState.Closed)
        {
            return;
        }

        channel.ReadyState = DataChannelState.Closing;
        if (channel.Id is null)
        {
            Finish(channel);
        }
        else if (_isConnected)
        {
            ResetOutgoing(channel);
        }
    }

    private void AssignId(DataChannel channel)
    {
        if (!_streamIds.TryAllocate(_byId, out var id))
        {
            throw new InvalidOperationException("No stream id is left; close a channel first.");
        }

        Register(channel, id);
        // Queued at once, so that it can leave with the COOKIE ECHO.
        _association.TrySend(default, new StreamId(id), DataChannelPpid.Dcep, DataChannelOpenMessage.Create(channel.Label, channel.Init), new SendOptions(IsControl: true));
    }

    private void Register(DataChannel channel, ushort id)
    {
        channel.Id = id;
        channel.Stream = _association.OutgoingStream(new StreamId(id));
        channel.Stream.Weight = (int)channel.Priority;
        channel.Stream.IsFirstClass = channel.Priority == DataChannelPriority.High;
        channel.Stream.BufferedAmountLowThreshold = channel.BufferedAmountLowThreshold;
        _byId[id] = channel;
    }

    /// <summary>
    /// RFC 8832 §6 lets data follow DATA_CHANNEL_OPEN without waiting for the ACK, so a channel is open with the association.
    /// </summary>
    private void Open(DataChannel channel)
    {
        if (channel.Id is not { } id)
        {
            return; // SetDtlsRole is still to come
        }

        if (id >= _association.OutboundStreams)
        {
            Finish(channel); // the far side takes fewer streams
            return;
        }

        channel.ReadyState = DataChannelState.Open;
        Emit(DataChannelEventKind.ChannelOpened, channel);
    }

    private void TakeEvents(MonotonicTime now)
    {
        while (_association.TryReadEvent(out var sctpEvent))
        {
            switch (sctpEvent.Kind)
            {
                case SctpEventKind.Message:
                    HandleMessage(sctpEvent);
                    break;
                case SctpEventKind.Connected:
                    HandleConnected();
                    break;
                case SctpEventKind.IncomingStreamReset:
                    HandleIncomingReset(sctpEvent.StreamId);
                    break;
                case SctpEventKind.AllIncomingStreamsReset:
                    foreach (var id in _byId.Keys.ToArray())
                    {
                        HandleIncomingReset(new StreamId(id));
                    }

                    break;
                case SctpEventKind.OutgoingStreamReset:
                    HandleOutgoingReset(sctpEvent.StreamId);
                    break;
                case SctpEventKind.BufferedAmountLow:
                    if (_byId.TryGetValue(sctpEvent.StreamId.Value, out var channel))
                    {
                        Emit(DataChannelEventKind.BufferedAmountLow, channel);
                    }

                    break;
                case SctpEventKind.Closed:
                    HandleClosed(sctpEvent.Error);
                    break;
                default:
                    break;
            }
        }
    }

    private void HandleConnected()
    {
        _isConnected = true;
        Emit(DataChannelEventKind.Connected, null);
        foreach (var channel in _channels.ToArray())
        {
            if (channel.ReadyState == DataChannelState.Connecting)
            {
                Open(channel);
            }
            else if (channel.ReadyState == DataChannelState.Closing)
            {
                ResetOutgoing(channel); // closed before it was up
            }
        }
    }

    private void HandleMessage(in SctpEvent message)
    {
        var id = message.StreamId.Value;
        var payload = message.Buffer.AsSpan(0, message.Length);
        if (message.Ppid == DataChannelPpid.Dcep)
        {
            HandleDcep(id, payload);
            Discard(message);
            return;
        }

        // W3C: a message for a channel that is not open is dropped.
        if (!_byId.TryGetValue(id, out var channel) || channel.ReadyState != DataChannelState.Open)
        {
            MessagesDiscarded++;
            Discard(message);
            return;
        }

        channel.IsAcknowledged = true; // RFC 8832 §6: user data answers DATA_CHANNEL_OPEN as well as the ACK does
        switch (message.Ppid)
        {
            case DataChannelPpid.String or DataChannelPpid.Binary or DataChannelPpid.StringEmpty or DataChannelPpid.BinaryEmpty:
                var isText = message.Ppid is DataChannelPpid.String or DataChannelPpid.StringEmpty;
                var length = message.Ppid is DataChannelPpid.String or DataChannelPpid.Binary ? message.Length : 0;
                var kind = isText ? DataChannelMessageKind.Text : DataChannelMessageKind.Binary;
                _events.Enqueue(new QueuedEvent(DataChannelEventKind.Message, channel, kind, message.Buffer, length, message.Length, null));
                break;
            default:
                MessagesDiscarded++;
                Discard(message);
                break;
        }
    }

    private void Discard(in SctpEvent message)
    {
        _association.ReleaseWindow(message.Length);
        BufferPool.Return(message.Buffer!);
    }

    private void HandleDcep(ushort id, ReadOnlySpan<byte> message)
    {
        if (DataChannelAckMessage.IsMatch(message))
        {
            if (_byId.TryGetValue(id, out var acknowledged))
            {
                acknowledged.IsAcknowledged = true;
            }

            return;
        }

        if (!DataChannelOpenMessage.TryParse(message, out var label, out var init))
        {
            MessagesDiscarded++;
            return;
        }

        if (_byId.TryGetValue(id, out var old))
        {
            if (!old.IsIncomingReset)
            {
                MessagesDiscarded++; // an id that is in use cannot be opened
                return;
            }

            Finish(old); // the far side uses the id anew: it has seen both resets, only the answer to ours is under way
        }

        if (id > StreamIdAllocator.MaxId || id >= _association.OutboundStreams || _channels.Count >= Configuration.MaxChannels
            || _refused.Contains(id) || !HasRoomForText(label.Length + init.Protocol.Length))
        {
            Refuse(id);
            return;
        }

        var channel = new DataChannel(this, label, init, null) { IsAcknowledged = true };
        _channels.Add(channel);
        Register(channel, id);
        channel.ReadyState = DataChannelState.Open;
        _association.TrySend(default, new StreamId(id), DataChannelPpid.Dcep, DataChannelAckMessage.Bytes, new SendOptions(IsControl: true));
        Emit(DataChannelEventKind.ChannelAnnounced, channel);
    }

    /// <summary>The far side sees it as a close. Refusals that it does not answer are few: those beyond are not told.</summary>
    private void Refuse(ushort id)
    {
        MessagesDiscarded++;
        if (_association.SupportsStreamReset && _refused.Count < MaxRefusals && _refused.Add(id))
        {
            _association.ResetOutgoingStream(new StreamId(id));
        }
    }

    /// <summary>Long texts of many channels would take what no window counts.</summary>
    private bool HasRoomForText(int length)
    {
        if (length <= FreeText)
        {
            return true;
        }

        foreach (var channel in _channels)
        {
            length += channel.Label.Length + channel.Protocol.Length;
        }

        return length <= MaxText;
    }

    private void HandleIncomingReset(StreamId streamId)
    {
        if (!_byId.TryGetValue(streamId.Value, out var channel))
        {
            return;
        }

        channel.IsIncomingReset = true;
        if (channel.ReadyState is DataChannelState.Open or DataChannelState.Connecting)
        {
            // RFC 8831 §6.7: a side that sees its incoming stream reset resets its outgoing one.
            channel.ReadyState = DataChannelState.Closing;
            Emit(DataChannelEventKind.ChannelClosing, channel);
            ResetOutgoing(channel);
        }
        else if (channel.IsOutgoingReset)
        {
            Finish(channel);
        }
    }

    private void HandleOutgoingReset(StreamId streamId)
    {
        if (_byId.TryGetValue(streamId.Value, out var channel) && channel.ReadyState == DataChannelState.Closing)
        {
            channel.IsOutgoingReset = true;
            if (channel.IsIncomingReset)
            {
                Finish(channel);
            }
        }
        else if (_refused.Remove(streamId.Value))
        {
            _association.RemoveOutgoingStream(streamId);
        }
    }

    private void ResetOutgoing(DataChannel channel)
    {
        if (_association.SupportsStreamReset)
        {
            _association.ResetOutgoingStream(new StreamId(channel.Id!.Value));
        }
        else
        {
            Finish(channel);
        }
    }

    private void HandleClosed(SctpError? error)
    {
        _hasEnded = true;
        _isConnected = false;
        foreach (var channel in _channels.ToArray())
        {
            Finish(channel);
        }

        _events.Enqueue(new QueuedEvent(DataChannelEventKind.Closed, null, default, null, 0, 0, error));
    }

    private void Finish(DataChannel channel)
    {
        channel.ReadyState = DataChannelState.Closed;
        _channels.Remove(channel);
        if (channel.Id is { } id)
        {
            _byId.Remove(id);
            if (channel.IsOutgoingReset)
            {
                _association.RemoveOutgoingStream(new StreamId(id));
            }

            channel.Stream = null;
        }

        Emit(DataChannelEventKind.ChannelClosed, channel);
    }

    private void Emit(DataChannelEventKind kind, DataChannel? channel) =>
        _events.Enqueue(new QueuedEvent(kind, channel, default, null, 0, 0, null));
}

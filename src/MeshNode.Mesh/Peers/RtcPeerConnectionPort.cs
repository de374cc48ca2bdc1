using MeshNode.Mesh.Links;
using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// Connections on one event loop, all with the node's certificate and UDP port. Knows how many still say goodbye, so
/// that a shutdown can wait for them.
/// </summary>
internal sealed class RtcPeerConnectionFactory(RtcEventLoop loop, PeerConnectionConfiguration configuration) : IPeerConnectionFactory
{
    private readonly TaskCompletionSource _allClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private bool _ending;

    public IPeerConnectionPort Create(Action readable)
    {
        _open++;
        return new RtcPeerConnectionPort(loop, configuration, readable, HandleDisposed);
    }

    /// <summary>Completes when no connection is left, or after the timeout; none may be made from now on.</summary>
    public async Task WhenClosedAsync(TimeSpan timeout, TimeProvider clock)
    {
        loop.Execute(() =>
        {
            _ending = true;
            CheckAllClosed();
        });
        await Task.WhenAny(_allClosed.Task, Task.Delay(timeout, clock)).ConfigureAwait(false);
    }

    private void HandleDisposed()
    {
        _open--;
        CheckAllClosed();
    }

    private void CheckAllClosed()
    {
        if (_ending && _open == 0)
        {
            _allClosed.TrySetResult();
        }
    }
}

/// <summary>
/// A <see cref="PeerConnection"/> on an event loop with the four negotiated channels. Whatever is called here runs on
/// that loop's thread, so nothing is locked.
/// </summary>
internal sealed class RtcPeerConnectionPort : IPeerConnectionPort
{
    private readonly RtcEventLoop _loop;
    private readonly Action _readable;
    private readonly PeerConnection _connection;
    private readonly RtcRegistration _registration;
    private readonly ChannelPort[] _channels;
    private readonly Action _onDisposed;
    private bool _closing;
    private bool _disposed;

    public RtcPeerConnectionPort(RtcEventLoop loop, PeerConnectionConfiguration configuration, Action readable, Action disposed)
    {
        _onDisposed = disposed;
        _loop = loop;
        _readable = readable;
        _connection = new PeerConnection(configuration, loop.Now);
        _channels = [.. Enumerable.Range(0, ChannelKinds.Count).Select(kind => CreateChannel((ChannelKind)kind))];
        _registration = loop.Attach(_connection, _ => HandleReadable());
    }

    public ChannelBinding? Binding => _connection.RemoteFingerprint is { } remote
        ? ChannelBinding.FromFingerprints(_connection.LocalFingerprint.Digest, remote.Digest)
        : null;

    public bool IsAlive => !_disposed && _registration.IsAttached;

    public TimeSpan? RoundTripTime => _connection.GetStatistics().RoundTripTime;

    public string CreateOffer(bool iceRestart)
    {
        var offer = _connection.CreateOffer(iceRestart);
        _connection.SetLocalDescription(_loop.Now, offer);
        _registration.RequestService();
        return offer.Sdp;
    }

    public bool TryAnswer(string offer, out string answer, out string error)
    {
        answer = "";
        if (_connection.SignalingState == SignalingState.HaveLocalOffer)
        {
            _connection.SetLocalDescription(_loop.Now, SessionDescription.Rollback);
        }

        if (!TryAccept(new SessionDescription(SdpType.Offer, offer), out error))
        {
            return false;
        }

        var description = _connection.CreateAnswer();
        _connection.SetLocalDescription(_loop.Now, description);
        answer = description.Sdp;
        return true;
    }

    public bool TryAcceptAnswer(string answer, out string error) => TryAccept(new SessionDescription(SdpType.Answer, answer), out error);

    public bool TryAddCandidate(string candidate, out string error)
    {
        var added = _connection.TryAddIceCandidate(_loop.Now, candidate, usernameFragment: null, out var rtcError);
        error = rtcError?.Message ?? "";
        _registration.RequestService();
        return added;
    }

    public IChannelPort? Channel(ChannelKind kind) => _channels[(int)kind] is { IsOpen: true } channel ? channel : null;

    public bool TryReadEvent(out PeerPortEvent portEvent)
    {
        while (!_disposed && _connection.TryReadEvent(out var rtcEvent))
        {
            if (Translate(rtcEvent) is { } translated)
            {
                portEvent = translated;
                return true;
            }
        }

        if (!_disposed)
        {
            _registration.RequestService(); // what was read has opened the receive window
        }

        portEvent = default;
        return false;
    }

    /// <summary>Drains, says goodbye on the wire, and frees itself once that is done or the connection's close timeout has passed.</summary>
    public void Close()
    {
        if (!_disposed && !_closing)
        {
            _closing = true;
            _connection.Close(_loop.Now);
            _registration.RequestService();
            HandleReadable();
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _registration.Dispose();
            _connection.Dispose();
            _onDisposed();
        }
    }

    private ChannelPort CreateChannel(ChannelKind kind)
    {
        var channel = _connection.CreateDataChannel(_loop.Now, kind.Label(), new DataChannelInit
        {
            Negotiated = true,
            Id = (ushort)kind,
            Ordered = kind != ChannelKind.Unreliable,
            MaxRetransmits = kind == ChannelKind.Unreliable ? 0 : null,
            Priority = kind switch
            {
                ChannelKind.Control => DataChannelPriority.High,
                ChannelKind.Reliable => DataChannelPriority.Medium,
                ChannelKind.Unreliable => DataChannelPriority.Medium,
                _ => DataChannelPriority.VeryLow,
            },
        });
        channel.BufferedAmountLowThreshold = new ChannelQueueOptions().LowWaterMark;
        channel.Tag = kind;
        return new ChannelPort(this, channel);
    }

    private bool TryAccept(SessionDescription description, out string error)
    {
        var accepted = _connection.TrySetRemoteDescription(_loop.Now, description, out var rtcError);
        error = rtcError?.Message ?? "";
        _registration.RequestService();
        if (accepted && _connection.RemoteFingerprint is not { Algorithm: DtlsHashAlgorithm.Sha256 })
        {
            error = "the mesh binds its links to SHA-256 fingerprints, and the description has another";
            return false;
        }

        return accepted;
    }

    private void HandleReadable()
    {
        if (!_closing)
        {
            _readable();
            return;
        }

        while (_connection.TryReadEvent(out _))
        {
            // Nobody is interested any more; what counts is that it ends.
        }

        if (_connection.ConnectionState is PeerConnectionState.Closed or PeerConnectionState.Failed or PeerConnectionState.New)
        {
            Dispose();
        }
    }

    private static PeerPortEvent? Translate(in PeerConnectionEvent rtcEvent)
    {
        var channel = rtcEvent.Channel?.Tag is ChannelKind kind ? kind : default;
        return rtcEvent.Kind switch
        {
            PeerConnectionEventKind.IceCandidateGathered => new(PeerPortEventKind.CandidateGathered, Text: rtcEvent.Candidate!.ToSdp()),
            PeerConnectionEventKind.ConnectionStateChanged => TranslateState(rtcEvent),
            _ when rtcEvent.Channel is not { Tag: ChannelKind } => null, // a channel that the far side opened besides the four
            PeerConnectionEventKind.ChannelOpened => new(PeerPortEventKind.ChannelOpened, channel),
            PeerConnectionEventKind.ChannelClosing or PeerConnectionEventKind.ChannelClosed =>
                new(PeerPortEventKind.Ended, channel, Text: $"the far side closed the channel {channel.Label()}"),
            PeerConnectionEventKind.Message => new(PeerPortEventKind.Message, channel, rtcEvent.Data),
            PeerConnectionEventKind.BufferedAmountLow => new(PeerPortEventKind.Drained, channel),
            _ => null,
        };
    }

    private static PeerPortEvent? TranslateState(in PeerConnectionEvent rtcEvent) => rtcEvent.State switch
    {
        PeerConnectionState.Connected => new(PeerPortEventKind.PathRestored),
        PeerConnectionState.Disconnected => new(PeerPortEventKind.PathLost),
        PeerConnectionState.Failed or PeerConnectionState.Closed =>
            new(PeerPortEventKind.Ended, Text: rtcEvent.Error?.Message ?? "the connection was closed"),
        _ => null,
    };

    private sealed class ChannelPort(RtcPeerConnectionPort owner, DataChannel channel) : IChannelPort
    {
        public bool IsOpen => channel.ReadyState == DataChannelState.Open;

        public long BufferedAmount => channel.BufferedAmount;

        public DataChannelSendResult Send(ReadOnlySpan<byte> message)
        {
            var result = channel.Send(owner._loop.Now, message, DataChannelMessageKind.Binary);
            owner._registration.RequestService();
            return result;
        }
    }
}

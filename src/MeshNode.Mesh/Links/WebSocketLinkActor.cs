using System.Net.WebSockets;
using System.Threading.Channels;
using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Links;

/// <summary>
/// A link over one WebSocket, on either side: hello first, then envelopes and adverts; a ping every 25 s, dead after 60 s
/// of silence. It stops when the socket does, and the socket when it does.
/// </summary>
internal sealed class WebSocketLinkActor : ReceiveActor, IWithTimers
{
    private sealed record Arrived(byte[] Bytes);

    private sealed record Ended(string Reason);

    private sealed record PingDue;

    private sealed record HelloExpired;

    /// <summary>Frames that may wait to be written; a neighbour that reads more slowly than this is cut off.</summary>
    private const int MaximumOutgoing = 512;

    private readonly WebSocket _socket;
    private readonly MeshContext _context;
    private readonly LinkHandshake _handshake;
    private readonly bool _opened;
    private readonly Action? _onStopped;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(MaximumOutgoing);
    private MonotonicTime _lastHeard;
    private MonotonicTime _pingSent;
    private ulong _pingSequence;
    private ulong _sequence;
    private PeerId? _peer;
    private string _reason = "closed here";

    /// <param name="socket">Open; owned from here on.</param>
    /// <param name="context">The mesh that the link belongs to.</param>
    /// <param name="opened">This side connected.</param>
    /// <param name="expected">Whose key must be proved; null for anyone whom the policy admits.</param>
    /// <param name="onStopped">Called when the socket is no longer used.</param>
    public static Props Props(WebSocket socket, MeshContext context, bool opened, PeerId? expected, Action? onStopped) =>
        Actors.Props.Create(() => new WebSocketLinkActor(socket, context, opened, expected, onStopped));

    public WebSocketLinkActor(WebSocket socket, MeshContext context, bool opened, PeerId? expected, Action? onStopped)
    {
        _socket = socket;
        _context = context;
        _opened = opened;
        _onStopped = onStopped;
        _handshake = context.CreateHandshake(expected, ChannelBinding.WebSocket, opened ? LinkRole.Opener : LinkRole.Accepter);

        Receive<Arrived>(message => HandleBytes(message.Bytes));
        Receive<Ended>(message => Stop(message.Reason));
        Receive<SendLinkFrame>(frame => Write(frame.Kind, frame.Body.Span));
        Receive<PingDue>(_ => Ping());
        Receive<HelloExpired>(_ => Stop("hello took too long"));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _lastHeard = _context.Now;
        var self = Self;
        _ = ReadAsync(self, _stopping.Token);
        _ = WriteAsync(self, _stopping.Token);
        Timers.StartSingleTimer(nameof(HelloExpired), new HelloExpired(), _context.Options.HelloTimeout);
        PumpHandshake();
    }

    protected override void PostStop()
    {
        if (_peer is { } peer)
        {
            _context.Routing.Tell(new LinkDown(peer, Self));
        }

        Context.GetLogger().Debug("WebSocket of {0} ended: {1}", _peer?.ToString() ?? "an unknown peer", _reason);
        _outgoing.Writer.TryComplete();
        _ = CloseAsync();
    }

    private void HandleBytes(byte[] bytes)
    {
        _lastHeard = _context.Now;
        if (_peer is { } peer)
        {
            HandleFrame(peer, bytes);
        }
        else
        {
            _handshake.HandleFrame(_context.Now, bytes);
            PumpHandshake();
        }
    }

    private void HandleFrame(PeerId peer, byte[] bytes)
    {
        if (!Frame.TryParse(bytes, out var header, out var body))
        {
            Stop("malformed frame");
            return;
        }

        switch (header.Kind)
        {
            case FrameKind.Envelope:
                _context.Routing.Tell(new EnvelopeReceived(peer, body.ToArray()));
                break;
            case FrameKind.Advert:
                _context.Routing.Tell(new AdvertReceived(peer, body.ToArray()));
                break;
            case FrameKind.Ping:
                Write(Frame.Create(FrameKind.Pong, header.Sequence, default));
                break;
            case FrameKind.Pong when header.Sequence == _pingSequence:
                _context.Routing.Tell(new LinkMeasured(peer, Self, _context.Now - _pingSent));
                break;
            case FrameKind.Goodbye:
                Stop("the far side said goodbye");
                break;
        }
    }

    private void PumpHandshake()
    {
        while (_handshake.TryReadFrame(out var frame))
        {
            Write(frame);
        }

        if (_handshake.State == LinkHandshakeState.Failed)
        {
            Stop($"hello failed: {_handshake.FailureText}");
            if (_opened)
            {
                Context.Parent.Tell(new LinkRefused(_handshake.FailureText));
            }
        }
        else if (_handshake.State == LinkHandshakeState.Up)
        {
            _peer = _handshake.Peer!.Bundle.Id;
            _sequence = _handshake.NextSequence;
            Timers.Cancel(nameof(HelloExpired));
            Timers.StartPeriodicTimer(nameof(PingDue), new PingDue(), TimeSpan.Zero, _context.Options.KeepAliveInterval);
            var up = new LinkUp(_peer.Value, LinkKind.WebSocket, Self);
            _context.Routing.Tell(up);
            Context.Parent.Tell(up);
        }
    }

    private void Ping()
    {
        if (_context.Now - _lastHeard > _context.Options.DeadAfter)
        {
            Stop("nothing was heard for too long");
            return;
        }

        _pingSent = _context.Now;
        _pingSequence = _sequence;
        Write(FrameKind.Ping, default);
    }

    private void Write(FrameKind kind, ReadOnlySpan<byte> body) => Write(Frame.Create(kind, _sequence++, body));

    private void Write(byte[] frame)
    {
        if (!_outgoing.Writer.TryWrite(frame))
        {
            Stop("the far side reads too slowly");
        }
    }

    private void Stop(string reason)
    {
        _reason = reason;
        Context.Stop(Self);
    }

    private async Task ReadAsync(IActorRef self, CancellationToken cancellation)
    {
        var buffer = new byte[Frame.MaxLength];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
                    length += result.Count;
                }
                while (!result.EndOfMessage && length < buffer.Length);

                if (result.MessageType != WebSocketMessageType.Binary || !result.EndOfMessage)
                {
                    self.Tell(new Ended(result.MessageType == WebSocketMessageType.Close ? "closed by the far side" : "not a binary frame of the mesh"));
                    return;
                }

                self.Tell(new Arrived(buffer.AsSpan(0, length).ToArray()));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            self.Tell(new Ended(exception.Message));
        }
    }

    private async Task WriteAsync(IActorRef self, CancellationToken cancellation)
    {
        try
        {
            await foreach (var frame in _outgoing.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            self.Tell(new Ended(exception.Message));
        }
    }

    /// <summary>Gives the far side a second to hear the close frame, then drops the connection.</summary>
    private async Task CloseAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _context.Clock);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is dropped below in any case.
        }
        finally
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            _socket.Abort();
            _socket.Dispose();
            _stopping.Dispose();
            _onStopped?.Invoke();
        }
    }
}

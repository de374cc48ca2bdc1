using System.Threading.Channels;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Sockets.Tests.Support;

/// <summary>A connection on a loop with one negotiated channel; tests talk to it from their own thread.</summary>
internal sealed class LoopPeer
{
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(TimeProvider.System.GetUtcNow());

    private readonly TaskCompletionSource _connected = New();
    private readonly TaskCompletionSource _opened = New();
    private readonly TaskCompletionSource _closed = New();
    private readonly Channel<byte[]> _messages = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
    private PeerConnection _connection = null!;
    private RtcRegistration _registration = null!;
    private DataChannel _channel = null!;

    private LoopPeer(RtcEventLoop loop) => Loop = loop;

    public RtcEventLoop Loop { get; }

    public Task Connected => _connected.Task.WaitAsync(Limits.Wait);

    public Task Opened => _opened.Task.WaitAsync(Limits.Wait);

    public Task Closed => _closed.Task.WaitAsync(Limits.Wait);

    /// <summary>Runs on the loop when a message comes, instead of keeping it.</summary>
    public Action<ReadOnlyMemory<byte>>? OnMessage { get; set; }

    public static Task<LoopPeer> CreateAsync(RtcEventLoop loop, IReadOnlyList<IceCandidate>? candidates = null) => loop.RunAsync(() =>
    {
        var peer = new LoopPeer(loop);
        var random = new SecureRandomSource();
        peer._connection = new PeerConnection(
            new PeerConnectionConfiguration { Certificate = Certificate, Jitter = random, Secure = random }, loop.Now);
        peer._channel = peer._connection.CreateDataChannel(loop.Now, "test", new DataChannelInit { Negotiated = true, Id = 0 });
        peer._registration = loop.Attach(peer._connection, _ => peer.Read(), candidates);
        return peer;
    });

    public static async Task ConnectAsync(LoopPeer offerer, LoopPeer answerer)
    {
        await NegotiateAsync(offerer, answerer);
        await Task.WhenAll(offerer.Connected, answerer.Connected, offerer.Opened, answerer.Opened);
    }

    public static async Task NegotiateAsync(LoopPeer offerer, LoopPeer answerer)
    {
        var offer = await offerer.UseAsync(connection =>
        {
            var description = connection.CreateOffer();
            connection.SetLocalDescription(offerer.Loop.Now, description);
            return description;
        });
        var answer = await answerer.UseAsync(connection =>
        {
            Assert.True(connection.TrySetRemoteDescription(answerer.Loop.Now, offer, out var error), error?.Message);
            var description = connection.CreateAnswer();
            connection.SetLocalDescription(answerer.Loop.Now, description);
            return description;
        });
        await offerer.UseAsync(connection =>
        {
            Assert.True(connection.TrySetRemoteDescription(offerer.Loop.Now, answer, out var error), error?.Message);
            return true;
        });
    }

    public Task<T> UseAsync<T>(Func<PeerConnection, T> use) => Loop.RunAsync(() =>
    {
        var result = use(_connection);
        _registration.RequestService();
        return result;
    });

    public Task SendAsync(byte[] message) => UseAsync(_ =>
    {
        Send(message);
        return true;
    });

    /// <summary>On the loop.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        Assert.Equal(DataChannelSendResult.Sent, _channel.Send(Loop.Now, message, DataChannelMessageKind.Binary));
        _registration.RequestService();
    }

    public Task<byte[]> ReceiveAsync() => _messages.Reader.ReadAsync().AsTask().WaitAsync(Limits.Wait);

    public bool HasMessage => _messages.Reader.TryPeek(out _);

    public Task CloseAsync() => UseAsync(connection =>
    {
        connection.Close(Loop.Now);
        return true;
    });

    public Task DisposeAsync() => Loop.RunAsync(() =>
    {
        _registration.Dispose();
        _connection.Dispose();
        return true;
    });

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Read()
    {
        while (_connection.TryReadEvent(out var rtcEvent))
        {
            switch (rtcEvent.Kind)
            {
                case PeerConnectionEventKind.ConnectionStateChanged when rtcEvent.State == PeerConnectionState.Connected:
                    _connected.TrySetResult();
                    break;
                case PeerConnectionEventKind.ConnectionStateChanged when rtcEvent.State == PeerConnectionState.Failed:
                    var failure = new InvalidOperationException($"failed: {rtcEvent.Error?.Message}");
                    _connected.TrySetException(failure);
                    _opened.TrySetException(failure);
                    break;
                case PeerConnectionEventKind.ConnectionStateChanged when rtcEvent.State == PeerConnectionState.Closed:
                    _closed.TrySetResult();
                    break;
                case PeerConnectionEventKind.ChannelOpened:
                    _opened.TrySetResult();
                    break;
                case PeerConnectionEventKind.Message when OnMessage is { } handler:
                    handler(rtcEvent.Data);
                    break;
                case PeerConnectionEventKind.Message:
                    _messages.Writer.TryWrite(rtcEvent.Data.ToArray());
                    break;
            }
        }
    }
}

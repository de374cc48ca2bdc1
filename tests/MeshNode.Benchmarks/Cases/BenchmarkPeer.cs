using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Benchmarks.Cases;

/// <summary>One end of a connection with one ordered, reliable channel, driven on its loop's thread.</summary>
internal sealed class BenchmarkPeer
{
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(TimeProvider.System.GetUtcNow());
    private static readonly SecureRandomSource Random = new();

    private static readonly PeerConnectionConfiguration Configuration =
        new() { Certificate = Certificate, Jitter = Random, Secure = Random };

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RtcRegistration _registration;

    /// <summary>On the loop.</summary>
    public BenchmarkPeer(RtcEventLoop loop, IReadOnlyList<IceCandidate>? candidates = null)
    {
        Loop = loop;
        Connection = new PeerConnection(Configuration, loop.Now);
        Channel = Connection.CreateDataChannel(loop.Now, "d", new DataChannelInit { Negotiated = true, Id = 0 });
        _registration = loop.Attach(Connection, Read, candidates);
    }

    public RtcEventLoop Loop { get; }

    public PeerConnection Connection { get; }

    public DataChannel Channel { get; }

    public Task Opened => _opened.Task;

    /// <summary>On the loop, with a message's bytes.</summary>
    public Action<ReadOnlyMemory<byte>>? Message { get; set; }

    /// <summary>On the loop, when the channel takes more.</summary>
    public Action? Writable { get; set; }

    /// <summary>On the loop. False when the send buffer is full.</summary>
    public bool TrySend(ReadOnlySpan<byte> message)
    {
        var isSent = Channel.Send(Loop.Now, message, DataChannelMessageKind.Binary) == DataChannelSendResult.Sent;
        _registration.RequestService();
        return isSent;
    }

    /// <summary>Offer, answer, open: descriptions go from loop to loop without a wait between. From any thread.</summary>
    public static async Task ConnectAsync(BenchmarkPeer offerer, BenchmarkPeer answerer)
    {
        offerer.Loop.Execute(() =>
        {
            var offer = offerer.Connection.CreateOffer();
            offerer.Connection.SetLocalDescription(offerer.Loop.Now, offer);
            offerer._registration.RequestService();
            answerer.Loop.Execute(() =>
            {
                answerer.Require(answerer.Connection.TrySetRemoteDescription(answerer.Loop.Now, offer, out var error), error);
                var answer = answerer.Connection.CreateAnswer();
                answerer.Connection.SetLocalDescription(answerer.Loop.Now, answer);
                answerer._registration.RequestService();
                offerer.Loop.Execute(() =>
                {
                    offerer.Require(offerer.Connection.TrySetRemoteDescription(offerer.Loop.Now, answer, out var answerError), answerError);
                    offerer._registration.RequestService();
                });
            });
        });
        await Task.WhenAll(offerer.Opened, answerer.Opened).WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
    }

    /// <summary>On the loop.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        Connection.Dispose();
    }

    private void Require(bool isAccepted, RtcError? error)
    {
        if (!isAccepted)
        {
            _opened.TrySetException(new InvalidOperationException(error?.Message));
        }
    }

    private void Read(RtcRegistration registration)
    {
        while (Connection.TryReadEvent(out var rtcEvent))
        {
            switch (rtcEvent.Kind)
            {
                case PeerConnectionEventKind.Message:
                    Message?.Invoke(rtcEvent.Data);
                    break;
                case PeerConnectionEventKind.BufferedAmountLow:
                    Writable?.Invoke();
                    break;
                case PeerConnectionEventKind.ChannelOpened:
                    _opened.TrySetResult();
                    break;
                case PeerConnectionEventKind.ConnectionStateChanged when rtcEvent.State == PeerConnectionState.Failed:
                    _opened.TrySetException(new InvalidOperationException($"the connection failed: {rtcEvent.Error?.Message}"));
                    break;
            }
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>Our own stack: a <see cref="PeerConnection"/> on an <see cref="RtcEventLoop"/> of its own, bound to a loopback address.</summary>
internal sealed class MeshNodePeer : IRemotePeer
{
    private const string Mid = "0"; // of the only media section that we offer
    private readonly RtcEventLoop _loop;
    private readonly IceAgentConfiguration _ice;
    private readonly Dictionary<string, DataChannel> _channels = []; // touched only by the loop's thread
    private PeerConnection? _connection;
    private RtcRegistration? _registration;

    private MeshNodePeer(IPAddress address, IceAgentConfiguration ice)
    {
        _ice = ice;
        _loop = RtcEventLoop.Start(new RtcEventLoopOptions
        {
            Bind = [new IPEndPoint(address, 0)],
            UnhandledException = exception => Events.Add(new PeerEvent("error", Message: exception.ToString())),
        });
    }

    public string Stack => Pairs.Stack.MeshNode;

    public EventLog Events { get; } = new(Pairs.Stack.MeshNode);

    public Action<PeerSignal>? Signaled { get; set; }

    public static async Task<MeshNodePeer> StartAsync(IPAddress address, IceAgentConfiguration ice)
    {
        var peer = new MeshNodePeer(address, ice);
        await peer.RunAsync(now => peer.Attach(now));
        return peer;
    }

    public Task CreateChannelAsync(ChannelPlan plan) => RunAsync(now =>
        _channels[plan.Label] = _connection!.CreateDataChannel(now, plan.Label, new DataChannelInit
        {
            Ordered = plan.Ordered,
            MaxRetransmits = (ushort?)plan.MaxRetransmits,
            MaxPacketLifeTime = plan.MaxPacketLifeTime is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Negotiated = plan.Negotiated,
            Id = (ushort?)plan.Id,
            Protocol = plan.Protocol,
        }));

    public Task OfferAsync() => RunAsync(now => Describe(now, _connection!.CreateOffer()));

    public Task RestartIceAsync() => RunAsync(now => Describe(now, _connection!.CreateOffer(iceRestart: true)));

    public Task AcceptAsync(PeerSignal signal) => RunAsync(now =>
    {
        Events.Note($"<- {signal}");
        if (!TryAccept(now, signal, out var error))
        {
            Events.Add(new PeerEvent("error", Message: $"{signal.GetType().Name}: {error}"));
        }
        else if (signal is DescriptionSignal { Type: "offer" })
        {
            Describe(now, _connection!.CreateAnswer());
        }
    });

    public Task SendAsync(string label, bool text, int size, int seed) => RunAsync(now =>
    {
        var data = text ? MakeText(size, seed) : MakeBytes(size, seed);
        var result = _channels[label].Send(now, data, text ? DataChannelMessageKind.Text : DataChannelMessageKind.Binary);
        Events.Add(result == DataChannelSendResult.Sent
            ? new PeerEvent("sent", Label: label, Text: text, Size: size, Sha256: Digest(data))
            : new PeerEvent("error", Label: label, Message: $"send: {result}"));
    });

    public Task CloseChannelAsync(string label) => RunAsync(now => _channels[label].Close(now));

    public Task CloseAsync() => RunAsync(now => _connection!.Close(now));

    public Task KillAsync() => RunAsync(_ =>
    {
        _registration?.Dispose();
        _registration = null;
        _connection!.Dispose();
    });

    /// <summary>Puts the connection's counters into the log.</summary>
    public Task NoteStatisticsAsync() => RunAsync(_ => Events.Note(_connection!.GetStatistics().ToString()));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _loop.DisposeAsync();
    }

    private void Attach(MonotonicTime now)
    {
        var secure = new SecureRandomSource();
        _connection = new PeerConnection(
            new PeerConnectionConfiguration
            {
                Certificate = DtlsCertificate.Create(DateTimeOffset.UtcNow),
                Jitter = new SeededRandomSource(secure.NextUInt64()),
                Secure = secure,
                Ice = _ice,
            },
            now);
        _registration = _loop.Attach(_connection, _ => Drain());
    }

    /// <summary>Runs <paramref name="work"/> on the loop and lets what it caused be sent; its exception becomes the caller's.</summary>
    private Task RunAsync(Action<MonotonicTime> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Execute(() =>
        {
            try
            {
                work(_loop.Now);
                _registration?.RequestService();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    private void Describe(MonotonicTime now, SessionDescription description)
    {
        _connection!.SetLocalDescription(now, description);
        Signal(new DescriptionSignal(description.Type == SdpType.Offer ? "offer" : "answer", description.Sdp));
    }

    private bool TryAccept(MonotonicTime now, PeerSignal signal, out RtcError? error)
    {
        error = null;
        return signal switch
        {
            DescriptionSignal description => _connection!.TrySetRemoteDescription(
                now, new SessionDescription(description.Type == "offer" ? SdpType.Offer : SdpType.Answer, description.Sdp), out error),
            CandidateSignal candidate => _connection!.TryAddIceCandidate(now, candidate.Candidate, usernameFragment: null, out error),
            _ => false,
        };
    }

    private void Drain()
    {
        while (_connection!.TryReadEvent(out var rtcEvent))
        {
            Report(rtcEvent);
        }
    }

    private void Report(in PeerConnectionEvent rtcEvent)
    {
        switch (rtcEvent.Kind)
        {
            case PeerConnectionEventKind.ConnectionStateChanged:
                Events.Add(new PeerEvent("state", State: rtcEvent.State.ToString().ToLowerInvariant(), Message: rtcEvent.Error?.ToString()));
                break;
            case PeerConnectionEventKind.IceCandidateGathered:
                Signal(new CandidateSignal(rtcEvent.Candidate!.ToSdp(), Mid));
                break;
            case PeerConnectionEventKind.DataChannelAnnounced or PeerConnectionEventKind.ChannelOpened:
                ReportOpen(rtcEvent.Channel!);
                break;
            case PeerConnectionEventKind.ChannelClosed:
                Events.Add(new PeerEvent("closed", Label: rtcEvent.Channel!.Label));
                break;
            case PeerConnectionEventKind.Message:
                Events.Add(new PeerEvent(
                    "message",
                    Label: rtcEvent.Channel!.Label,
                    Text: rtcEvent.MessageKind == DataChannelMessageKind.Text,
                    Size: rtcEvent.Data.Length,
                    Sha256: Digest(rtcEvent.Data.Span)));
                break;
            default:
                Events.Note(rtcEvent.ToString());
                break;
        }
    }

    private void ReportOpen(DataChannel channel)
    {
        _channels[channel.Label] = channel;
        Events.Add(new PeerEvent(
            "open",
            Label: channel.Label,
            Id: channel.Id,
            Ordered: channel.Ordered,
            MaxRetransmits: channel.MaxRetransmits,
            MaxPacketLifeTime: (int?)channel.MaxPacketLifeTime?.TotalMilliseconds,
            Protocol: channel.Protocol));
    }

    private void Signal(PeerSignal signal)
    {
        Events.Note(signal.ToString());
        Signaled?.Invoke(signal);
    }

    private static byte[] MakeBytes(int size, int seed)
    {
        var bytes = new byte[size];
        new SeededRandomSource((ulong)seed).Fill(bytes);
        return bytes;
    }

    /// <summary>Exactly <paramref name="size"/> bytes of UTF-8, which begin with a two-byte character where there is room.</summary>
    private static byte[] MakeText(int size, int seed)
    {
        var bytes = MakeBytes(size, seed);
        foreach (ref var character in bytes.AsSpan())
        {
            character = (byte)(0x20 + (character % 0x5f));
        }

        if (size >= 2)
        {
            "é"u8.CopyTo(bytes);
        }

        return bytes;
    }

    private static string Digest(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));
}

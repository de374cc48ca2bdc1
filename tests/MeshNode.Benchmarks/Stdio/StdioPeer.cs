using MeshNode.Benchmarks.Cases;
using MeshNode.Benchmarks.Stdio.Modes;
using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Benchmarks.Stdio;

/// <summary>One connection that JSON lines steer. On the loop.</summary>
/// <remarks>Without an id it says nothing but what issue 4's protocol has; with one, also when channels open and the connection ends.</remarks>
internal sealed class StdioPeer : IDisposable
{
    /// <summary>The channel that the offerer opens, and that is meant where no label is given.</summary>
    public const string DefaultLabel = "d";

    private const string Mid = "0"; // of the only media section that we offer

    private readonly long? _id;
    private readonly StdioOutput _output;
    private readonly PeerConnection _connection;
    private readonly RtcRegistration _registration;
    private readonly Dictionary<string, StdioChannel> _channels = [];
    private long? _offeredAt;

    public StdioPeer(RtcEventLoop loop, PeerConnectionConfiguration configuration, IReadOnlyList<IceCandidate>? candidates, long? id, StdioOutput output)
    {
        (Loop, _id, _output) = (loop, id, output);
        _connection = new PeerConnection(configuration, loop.Now);
        _registration = loop.Attach(_connection, _ => Read(), candidates);
    }

    public RtcEventLoop Loop { get; }

    public void Offer()
    {
        _offeredAt = StdioOutput.Now;
        Create(DefaultLabel, DataChannelPriority.Low);
        Describe(_connection.CreateOffer());
    }

    public void Create(string label, DataChannelPriority priority)
    {
        var channel = Channel(label);
        if (channel.Channel is not null)
        {
            Report($"create: there is a channel {label} already");
            return;
        }

        Adopt(_connection.CreateDataChannel(Loop.Now, label, new DataChannelInit { Priority = priority }));
        Service();
    }

    public void Accept(SessionDescription description)
    {
        if (!_connection.TrySetRemoteDescription(Loop.Now, description, out var error))
        {
            Report($"sdp: {error!.Message}");
            return;
        }

        if (description.Type == SdpType.Offer)
        {
            Describe(_connection.CreateAnswer());
        }

        Service();
    }

    public void AddCandidate(string candidate)
    {
        if (!_connection.TryAddIceCandidate(Loop.Now, candidate, usernameFragment: null, out var error))
        {
            Report($"cand: {error!.Message}");
        }

        Service();
    }

    public void Start(string label, Func<StdioChannel, StdioMode> mode)
    {
        var channel = Channel(label);
        channel.Start(mode(channel));
        Service();
    }

    public void Stop()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Stop();
        }
    }

    public void Sample()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Sample();
        }
    }

    public bool TrySend(DataChannel channel, ReadOnlySpan<byte> message)
    {
        var isSent = channel.Send(Loop.Now, message, DataChannelMessageKind.Binary) == DataChannelSendResult.Sent;
        Service();
        return isSent;
    }

    public void Report(string message) => _output.Error(_id, message);

    /// <summary>What a mode is at: its processor time, and with its end the time it took.</summary>
    public void Say(string what, StdioMode mode, bool isEnd) => _output.Write(_id, writer =>
    {
        writer.WriteNumber(what, 1);
        writer.WriteString("mode", mode.Name);
        writer.WriteNumber("cpu", Math.Round(StdioOutput.Cpu, 6));
        if (what == "ok")
        {
            return;
        }

        writer.WriteNumber("seconds", Math.Round(mode.Elapsed.TotalSeconds, 9));
        writer.WriteNumber("bytes", mode.Bytes);
        if (!isEnd)
        {
            writer.WriteNumber("at", StdioOutput.Now);
        }
        else if (mode.Samples.Count > 0)
        {
            writer.WriteNumber("p50us", Math.Round(Percentile.Of(mode.Samples, 0.50), 3));
            writer.WriteNumber("p99us", Math.Round(Percentile.Of(mode.Samples, 0.99), 3));
            writer.WriteNumber("worstus", Math.Round(mode.Samples.Max(), 3));
        }
        else
        {
            writer.WriteNull("p50us");
            writer.WriteNull("p99us");
        }
    });

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Abandon();
        }

        _registration.Dispose();
        _connection.Dispose();
    }

    private StdioChannel Channel(string label)
    {
        if (!_channels.TryGetValue(label, out var channel))
        {
            channel = new StdioChannel(this, label);
            _channels.Add(label, channel);
        }

        return channel;
    }

    private StdioChannel Adopt(DataChannel dataChannel)
    {
        var channel = Channel(dataChannel.Label);
        channel.Channel = dataChannel;
        dataChannel.Tag = channel;
        return channel;
    }

    private void Describe(SessionDescription description)
    {
        _connection.SetLocalDescription(Loop.Now, description);
        _output.Write(_id, writer =>
        {
            writer.WriteString("sdp", description.Sdp);
            writer.WriteString("type", description.Type == SdpType.Offer ? "offer" : "answer");
            if (_id is not null && _offeredAt is { } at)
            {
                writer.WriteNumber("at", at);
            }
        });
        Service();
    }

    private void Service()
    {
        if (_registration.IsAttached)
        {
            _registration.RequestService();
        }
    }

    private void Read()
    {
        while (CanRead() && _connection.TryReadEvent(out var rtcEvent))
        {
            Handle(rtcEvent);
        }
    }

    private bool CanRead()
    {
        foreach (var channel in _channels.Values)
        {
            if (!channel.CanRead)
            {
                return false;
            }
        }

        return true;
    }

    private void Handle(in PeerConnectionEvent rtcEvent)
    {
        switch (rtcEvent.Kind)
        {
            case PeerConnectionEventKind.Message:
                ((StdioChannel)rtcEvent.Channel!.Tag!).Receive(rtcEvent.Data.Span);
                break;
            case PeerConnectionEventKind.BufferedAmountLow:
                ((StdioChannel)rtcEvent.Channel!.Tag!).Continue();
                break;
            case PeerConnectionEventKind.DataChannelAnnounced:
                Opened(Adopt(rtcEvent.Channel!));
                break;
            case PeerConnectionEventKind.ChannelOpened:
                Opened((StdioChannel)rtcEvent.Channel!.Tag!);
                break;
            case PeerConnectionEventKind.ChannelClosed:
                (rtcEvent.Channel!.Tag as StdioChannel)?.Abandon();
                break;
            case PeerConnectionEventKind.IceCandidateGathered:
                var candidate = rtcEvent.Candidate!.ToSdp();
                _output.Write(_id, writer =>
                {
                    writer.WriteString("cand", candidate);
                    writer.WriteString("mid", Mid);
                });
                break;
            case PeerConnectionEventKind.ConnectionStateChanged when rtcEvent.State is PeerConnectionState.Failed or PeerConnectionState.Closed:
                Ended(rtcEvent.State, rtcEvent.Error);
                break;
            default:
                break;
        }
    }

    private void Opened(StdioChannel channel)
    {
        if (_id is not null)
        {
            var now = StdioOutput.Now;
            _output.Write(_id, writer =>
            {
                writer.WriteNumber("open", 1);
                writer.WriteString("channel", channel.Label);
                writer.WriteNumber("at", now);
            });
        }

        channel.Opened();
    }

    private void Ended(PeerConnectionState state, RtcError? error)
    {
        foreach (var channel in _channels.Values)
        {
            channel.Abandon();
        }

        if (state == PeerConnectionState.Failed || _id is null)
        {
            Report($"the connection is {state}: {error?.Message ?? "ended by the far side"}");
        }
        else
        {
            _output.Write(_id, writer => writer.WriteNumber("closed", 1));
        }
    }
}

using MeshNode.Rtc;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;

namespace MeshNode.SimNet;

/// <summary>
/// Two peer connections over a simulated path, stepped from deadline to deadline in virtual time. With the pass-through
/// a seed repeats exactly.
/// </summary>
public sealed class PeerConnectionPair : IDisposable
{
    private const int MaxStepsAtOneInstant = 100_000;

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DtlsCertificate LeftCertificate = DtlsCertificate.Create(Epoch);
    private static readonly DtlsCertificate RightCertificate = DtlsCertificate.Create(Epoch);

    public static readonly TransportAddress LeftAddress = TransportAddress.FromIPv4(0xC0000201, 4001); // 192.0.2.1
    public static readonly TransportAddress RightAddress = TransportAddress.FromIPv4(0xC0000202, 4002); // 192.0.2.2
    public static readonly TransportPath LeftPath = new(LeftAddress, RightAddress);
    public static readonly TransportPath RightPath = new(RightAddress, LeftAddress);

    private readonly byte[] _buffer = new byte[4096];
    private readonly List<(MonotonicTime Due, Action Deliver)> _signaling = [];
    private readonly PeerConnectionPairOptions _options;

    public PeerConnectionPair(ulong seed, PeerConnectionPairOptions? options = null)
    {
        _options = options ?? new PeerConnectionPairOptions();
        Seed = seed;
        Left = new PeerConnection(Configuration(LeftCertificate, seed * 4), Now);
        Right = new PeerConnection(Configuration(RightCertificate, (seed * 4) + 1), Now);
        ToRight = new SimulatedLink((seed * 4) + 2, _options.Link);
        ToLeft = new SimulatedLink((seed * 4) + 3, _options.Link);
    }

    public ulong Seed { get; }

    public PeerConnection Left { get; }

    public PeerConnection Right { get; }

    public SimulatedLink ToRight { get; }

    public SimulatedLink ToLeft { get; }

    public MonotonicTime Now { get; private set; }

    /// <summary>Sees every event but trickled candidates; a message's data is valid during the call.</summary>
    public Action<PeerConnection, PeerConnectionEvent> OnEvent { get; set; } = (_, _) => { };

    /// <summary>May alter a description on its way, or lose it (null).</summary>
    public Func<PeerConnection, SessionDescription, SessionDescription?> OnSignal { get; set; } = (_, description) => description;

    /// <summary>Errors that descriptions and candidates met at the far side.</summary>
    public List<RtcError> Errors { get; } = [];

    public PeerConnection Far(PeerConnection connection) => connection == Left ? Right : Left;

    /// <summary>Left offers and right answers, over the signalling delay.</summary>
    public void Connect()
    {
        if (!_options.Trickle)
        {
            AddCandidates();
        }

        Offer(Left);
        if (_options.Trickle)
        {
            AddCandidates();
        }
    }

    public void AddCandidates()
    {
        Left.AddLocalCandidate(Now, IceCandidate.Host(LeftAddress));
        Right.AddLocalCandidate(Now, IceCandidate.Host(RightAddress));
        Left.SetLocalCandidatesComplete(Now);
        Right.SetLocalCandidatesComplete(Now);
    }

    /// <summary>Makes, sets and sends an offer; the far side answers when it arrives, unless it has an offer of its own to keep.</summary>
    public void Offer(PeerConnection from, bool iceRestart = false)
    {
        ArgumentNullException.ThrowIfNull(from);
        var offer = from.CreateOffer(iceRestart);
        from.SetLocalDescription(Now, offer);
        Send(from, offer);
    }

    public void Send(PeerConnection from, SessionDescription description)
    {
        if (OnSignal(from, description) is { } passed)
        {
            _signaling.Add((Now + _options.SignalingDelay, () => Receive(Far(from), passed)));
        }
    }

    /// <summary>Steps until the condition holds. False when the limit passes, or when nothing will happen any more, before.</summary>
    public bool Run(Func<bool> until, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(until);
        var end = Now + (limit ?? TimeSpan.FromMinutes(2));
        var instant = Now;
        for (var steps = 0; ; steps++)
        {
            Pump();
            if (until())
            {
                return true;
            }

            if (NextTime() is not { } next || next > end)
            {
                Now = end;
                return false;
            }

            if (next > instant)
            {
                instant = next;
                steps = 0;
            }
            else if (steps > MaxStepsAtOneInstant)
            {
                throw new InvalidOperationException($"seed {Seed}: time stands still at {Now}");
            }

            Advance(next > Now ? next : Now);
        }
    }

    public bool RunUntilConnected() => Run(() =>
        Left.ConnectionState == PeerConnectionState.Connected && Right.ConnectionState == PeerConnectionState.Connected);

    public bool RunUntilClosed() => Run(() =>
        Left.ConnectionState == PeerConnectionState.Closed && Right.ConnectionState == PeerConnectionState.Closed);

    public override string ToString() =>
        $"seed {Seed} at {Now}: left {Left.ConnectionState} ({Left.IceConnectionState}), right {Right.ConnectionState} ({Right.IceConnectionState})";

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    /// <summary>Drains transmits and events of both sides at this instant.</summary>
    public void Pump()
    {
        for (var progress = true; progress;)
        {
            progress = Drain(Left, ToRight, LeftPath) | Drain(Right, ToLeft, RightPath);
        }
    }

    private PeerConnectionConfiguration Configuration(DtlsCertificate certificate, ulong seed)
    {
        var configuration = _options.Configure(new PeerConnectionConfiguration
        {
            Certificate = certificate,
            Jitter = new SeededRandomSource(seed),
            Secure = new SeededRandomSource(~seed),
        });
        return _options.RealDtls ? configuration : PassThroughDtls.Replace(configuration);
    }

    private MonotonicTime? NextTime()
    {
        var next = MonotonicTime.Earliest(Left.NextTimeout, Right.NextTimeout);
        next = MonotonicTime.Earliest(next, ToRight.NextArrival);
        next = MonotonicTime.Earliest(next, ToLeft.NextArrival);
        foreach (var (due, _) in _signaling)
        {
            next = MonotonicTime.Earliest(next, due);
        }

        return next;
    }

    private void Advance(MonotonicTime time)
    {
        Now = time;
        foreach (var signal in _signaling.Where(s => s.Due <= Now).ToList())
        {
            _signaling.Remove(signal);
            signal.Deliver();
        }

        while (ToRight.TryReceive(Now, out var datagram))
        {
            Right.HandleDatagram(Now, RightPath, datagram);
        }

        while (ToLeft.TryReceive(Now, out var datagram))
        {
            Left.HandleDatagram(Now, LeftPath, datagram);
        }

        Left.HandleTimeout(Now);
        Right.HandleTimeout(Now);
    }

    private bool Drain(PeerConnection connection, SimulatedLink link, in TransportPath path)
    {
        var progress = false;
        while (connection.TryTransmit(Now, _buffer, out var transmit))
        {
            progress = true;
            if (transmit.Path == path)
            {
                link.Send(Now, _buffer.AsSpan(0, transmit.Length));
            }
        }

        while (connection.TryReadEvent(out var rtcEvent))
        {
            progress = true;
            if (rtcEvent is { Kind: PeerConnectionEventKind.IceCandidateGathered, Candidate: { } candidate })
            {
                SendCandidate(connection, candidate);
            }
            else
            {
                OnEvent(connection, rtcEvent);
            }
        }

        return progress;
    }

    private void SendCandidate(PeerConnection from, IceCandidate candidate) =>
        _signaling.Add((Now + _options.SignalingDelay, () => Receive(Far(from), candidate)));

    private void Receive(PeerConnection to, IceCandidate candidate)
    {
        if (!to.TryAddIceCandidate(Now, candidate.ToSdp(), candidate.UsernameFragment, out var error))
        {
            Errors.Add(error!);
        }
    }

    private void Receive(PeerConnection to, SessionDescription description)
    {
        if (!to.TrySetRemoteDescription(Now, description, out var error))
        {
            Errors.Add(error!);
        }
        else if (description.Type == SdpType.Offer)
        {
            var answer = to.CreateAnswer();
            to.SetLocalDescription(Now, answer);
            Send(to, answer);
        }
    }
}

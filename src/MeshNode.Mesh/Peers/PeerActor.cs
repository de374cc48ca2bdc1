using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// Owns one remote peer: its state machine, its timers, its connection and its four channel queues. Runs on the event
/// loop that its connection belongs to, as the child of a <see cref="BackoffSupervisor"/>; when it fails, its connection
/// closes and a new incarnation starts after the backoff. Transitions are decided by <see cref="PeerStateMachine"/>, whose
/// turn it is by <see cref="PeerNegotiation"/>, and nothing passes before <see cref="LinkHandshake"/> has proved the key.
/// </summary>
internal sealed class PeerActor : ReceiveActor, IWithTimers
{
    private sealed record Readable;

    private sealed record OfferUnanswered;

    private sealed record AttemptExpired;

    private sealed record RestartExpired;

    private sealed record RetryDue;

    private sealed record QualityDue;

    private static readonly Readable ReadableMessage = new();

    private readonly PeerId _peer;
    private readonly MeshContext _context;
    private readonly IActorRef _self;
    private readonly ILoggingAdapter _log;
    private readonly PeerLifecycle _lifecycle;
    private readonly PeerNegotiation _negotiation;
    private readonly ReconnectSchedule _schedule;
    private readonly PeerChannels _channels;
    private readonly EarlyFrames _early = new();
    private LinkHandshake? _handshake;
    private bool _proved;
    private bool _wanted; // asked for here, or connected before: worth bringing back
    private MonotonicTime? _lostAt;

    public static Props Props(PeerId peer, MeshContext context) =>
        Actors.Props.Create(() => new PeerActor(peer, context)).WithDispatcher(context.PeerDispatcher);

    public PeerActor(PeerId peer, MeshContext context)
    {
        _peer = peer;
        _context = context;
        _self = Self;
        _log = Context.GetLogger();
        _lifecycle = new PeerLifecycle(peer, Context.System.EventStream, _log);
        var polite = context.Identity.Id.CompareTo(peer) < 0;
        _negotiation = new PeerNegotiation(context.Connections, polite, context.Random, () => _self.Tell(ReadableMessage));
        _schedule = new ReconnectSchedule(context.Options.Reconnect, context.Random);
        _channels = new PeerChannels(peer, context, _self, Context.System.EventStream, () => Timers!, OpenChannel);

        Receive<ConnectPeer>(_ => Connect());
        Receive<DisconnectPeer>(HandleDisconnect);
        Receive<SendText>(HandleSendText);
        Receive<AcknowledgeMessage>(message => _channels.Acknowledge(message.Sequence));
        Receive<SendLinkFrame>(frame => _channels.SendControl(frame.Kind, frame.Body.Span));
        Receive<SignalReceived>(HandleSignal);
        Receive<SignalFailed>(HandleSignalFailed);
        Receive<PeerRestarted>(HandlePeerRestarted);
        Receive<Readable>(_ => ReadPort());
        Receive<OfferUnanswered>(_ => RepeatOffer());
        Receive<AttemptExpired>(_ => HandleConnectionLost("the attempt timed out"));
        Receive<RestartExpired>(_ => Retry("the ICE restart brought no path"));
        Receive<RetryDue>(_ => StartAttempt());
        Receive<QualityDue>(_ => CheckQuality());
        Receive<PeerChannels.DeliveryExpired>(expired =>
            _channels.Complete(expired.Sequence, $"no acknowledgement in time; the peer is {_lifecycle}"));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _context.Registry.Tell(new PeerStarted(_peer, _self));
        Publish();
    }

    protected override void PostStop()
    {
        var (reason, text) = _context.IsStopping
            ? (GoodbyeReason.Shutdown, "the node stops")
            : (GoodbyeReason.Unspecified, "the peer's actor has stopped");
        SendGoodbye(reason, text);
        _channels.Close("the peer's actor has stopped");
        LoseLink();
        _negotiation.Close();
    }

    // Connecting and coming back

    private void Connect()
    {
        _wanted = true;
        if (Transition(PeerTrigger.ConnectRequested, "asked to connect"))
        {
            _schedule.Reset();
            StartAttempt();
        }
    }

    private void StartAttempt()
    {
        LoseLink();
        SendOffer(_negotiation.StartConnection());
        BeginAttempt();
    }

    /// <summary>Arms what an attempt has: its limit, and the repetition of an offer that gets no answer.</summary>
    private void BeginAttempt()
    {
        Timers.Cancel(nameof(RetryDue));
        Timers.Cancel(nameof(RestartExpired));
        Timers.StartSingleTimer(nameof(AttemptExpired), new AttemptExpired(), _context.Options.ConnectionTimeout);
        if (_negotiation.PendingOffer is not null)
        {
            Timers.StartPeriodicTimer(nameof(OfferUnanswered), new OfferUnanswered(), _context.Options.OfferInterval, _context.Options.OfferInterval);
        }
        else
        {
            Timers.Cancel(nameof(OfferUnanswered));
        }
    }

    private void RepeatOffer()
    {
        if (_negotiation.PendingOffer is { } offer)
        {
            SendOffer(offer);
        }
        else
        {
            Timers.Cancel(nameof(OfferUnanswered));
        }
    }

    private void HandleConnectionLost(string cause)
    {
        if (Transition(PeerTrigger.ConnectionLost, cause))
        {
            _lostAt ??= _context.Now;
            LoseLink();
            _negotiation.Dispose();
            if (_wanted)
            {
                Retry(cause);
            }
            else
            {
                GiveUp(cause); // an offer of the far side that came to nothing is the far side's to repeat
            }
        }
    }

    /// <summary>Takes the next step of the schedule: ICE restart, new connection after a delay, or failed.</summary>
    private void Retry(string cause)
    {
        Timers.Cancel(nameof(AttemptExpired));
        Timers.Cancel(nameof(RestartExpired));
        var (step, delay) = _schedule.Next(connectionAlive: _handshake is not null);
        switch (step)
        {
            case ReconnectStep.IceRestart when Transition(PeerTrigger.RetryStarted, cause):
                if (_negotiation.RestartIce() is { } offer)
                {
                    SendOffer(offer);
                }

                Timers.StartSingleTimer(nameof(RestartExpired), new RestartExpired(), _context.Options.Reconnect.IceRestartInterval);
                break;
            case ReconnectStep.NewConnection when Transition(PeerTrigger.RetryStarted, cause):
                LoseLink();
                _negotiation.Dispose();
                Timers.Cancel(nameof(OfferUnanswered));
                Timers.StartSingleTimer(nameof(RetryDue), new RetryDue(), delay);
                Context.System.EventStream.Publish(new ReconnectScheduled(_peer, _schedule.Attempt, delay));
                break;
            case ReconnectStep.GiveUp:
                GiveUp($"given up after {_context.Options.Reconnect.Attempts} attempts: {cause}");
                break;
        }
    }

    private void GiveUp(string reason)
    {
        if (Transition(PeerTrigger.AttemptsExhausted, reason))
        {
            End(reason);
        }
    }

    private void HandleDisconnect(DisconnectPeer command)
    {
        if (Transition(PeerTrigger.CloseRequested, command.Text))
        {
            SendGoodbye(command.Reason, command.Text);
            End(command.Text);
        }
    }

    private void Refuse(string reason)
    {
        if (Transition(PeerTrigger.Refused, reason))
        {
            End(reason);
        }
    }

    /// <summary>What is done on the way to failed and to closed.</summary>
    private void End(string reason)
    {
        _wanted = false;
        Timers.CancelAll();
        _channels.Close(reason);
        LoseLink();
        _negotiation.Close();
        Publish();
    }

    // Signalling

    private void HandleSignal(SignalReceived signal)
    {
        switch (signal.Payload)
        {
            case SignalPayload.Offer offer:
                HandleOffer(offer, signal.Sequence);
                break;
            case SignalPayload.Answer answer:
                HandleAnswer(answer);
                break;
            case SignalPayload.Candidate candidate:
                _negotiation.HandleCandidate(candidate.Connection, candidate.Value);
                break;
            case SignalPayload.Bye bye when bye.Connection == _negotiation.Connection:
                Refuse($"the far side refused: {bye.Reason}");
                break;
        }
    }

    private void HandleOffer(SignalPayload.Offer offer, ulong sequence)
    {
        var outcome = _negotiation.HandleOffer(offer.Connection, offer.Sdp, sequence, out var answer, out var error);
        switch (outcome)
        {
            case OfferOutcome.Answered:
                SendAnswer(answer);
                break;
            case OfferOutcome.AnsweredWithNewConnection:
                LoseLink();
                Transition(PeerTrigger.OfferReceived, "offer received");
                BeginAttempt();
                SendAnswer(answer);
                break;
            case OfferOutcome.Rejected:
                _log.Warning("Peer {0}: offer refused: {1}", _peer, error);
                Signal(new SignalPayload.Bye(offer.Connection, $"offer refused: {error}"));
                HandleConnectionLost($"offer refused: {error}");
                break;
        }
    }

    private void HandleAnswer(SignalPayload.Answer answer)
    {
        if (_negotiation.HandleAnswer(answer.Connection, answer.Sdp, out var error))
        {
            Timers.Cancel(nameof(OfferUnanswered));
        }
        else if (error.Length > 0)
        {
            HandleConnectionLost($"answer refused: {error}");
        }
    }

    private void HandleSignalFailed(SignalFailed failed)
    {
        // Only an offer of the attempt that runs ends it, and only once; an ICE restart goes on without signalling, because the
        // old path may come back.
        if (_handshake is null && failed.Payload is SignalPayload.Offer offer && offer.Connection == _negotiation.Connection)
        {
            HandleConnectionLost($"signalling failed: {failed.Reason}");
        }
    }

    /// <summary>Need not wait for ICE to notice, unless the connection is with the new process already.</summary>
    private void HandlePeerRestarted(PeerRestarted restarted)
    {
        if (_proved && _handshake!.Peer!.BootNonce != restarted.BootNonce)
        {
            HandleConnectionLost("the peer was started again");
        }
    }

    private void SendOffer(NegotiationSignal signal) => Signal(new SignalPayload.Offer(signal.Connection, signal.Sdp));

    private void SendAnswer(NegotiationSignal signal) => Signal(new SignalPayload.Answer(signal.Connection, signal.Sdp));

    private void Signal(SignalPayload payload) => _context.Signaling.Tell(new SendSignal(_peer, payload), _self);

    // What the connection reports

    private void ReadPort()
    {
        while (_negotiation.Port is { } port && port.TryReadEvent(out var portEvent))
        {
            switch (portEvent.Kind)
            {
                case PeerPortEventKind.CandidateGathered:
                    Signal(new SignalPayload.Candidate(_negotiation.Connection!, portEvent.Text, "0"));
                    break;
                case PeerPortEventKind.ChannelOpened:
                    HandleChannelOpened(portEvent.Channel);
                    break;
                case PeerPortEventKind.Message:
                    HandleMessage(portEvent.Channel, portEvent.Data.Span);
                    break;
                case PeerPortEventKind.Drained:
                    _channels.Flush(portEvent.Channel);
                    break;
                case PeerPortEventKind.PathLost:
                    HandlePathLost();
                    break;
                case PeerPortEventKind.PathRestored:
                    HandlePathRestored();
                    break;
                case PeerPortEventKind.Ended:
                    HandleConnectionLost(portEvent.Text);
                    break;
            }
        }
    }

    private void HandlePathLost()
    {
        if (Transition(PeerTrigger.PathLost, "no response on the path"))
        {
            _lostAt ??= _context.Now;
            _context.Routing.Tell(new LinkDown(_peer, _self)); // signalling must find another way
            Retry("no response on the path");
        }
    }

    private void HandlePathRestored()
    {
        if (_proved && Transition(PeerTrigger.PathRestored, "the path works again"))
        {
            Timers.Cancel(nameof(RestartExpired));
            Timers.Cancel(nameof(OfferUnanswered));
            AnnounceLink();
            _channels.FlushAll();
        }
    }

    private void HandleChannelOpened(ChannelKind channel)
    {
        if (channel == ChannelKind.Control && _handshake is null && _negotiation.Port?.Binding is { } binding)
        {
            _handshake = _context.CreateHandshake(_peer, binding, _negotiation.IsOfferer ? LinkRole.Opener : LinkRole.Accepter);
            PumpHandshake();
        }
        else if (_proved)
        {
            _channels.Flush(channel);
        }

        Publish();
    }

    private void HandleMessage(ChannelKind channel, ReadOnlySpan<byte> bytes)
    {
        if (_proved)
        {
            HandleFrame(channel, bytes);
        }
        else if (channel == ChannelKind.Control && _handshake is { } handshake)
        {
            handshake.HandleFrame(_context.Now, bytes);
            PumpHandshake();
        }
        else if (!_early.TryAdd(channel, bytes))
        {
            Refuse("too much was sent before hello was done");
        }
    }

    private void PumpHandshake()
    {
        while (_handshake!.TryReadFrame(out var frame))
        {
            _negotiation.Port?.Channel(ChannelKind.Control)?.Send(frame);
        }

        if (_handshake.State == LinkHandshakeState.Failed)
        {
            Refuse($"hello failed: {_handshake.FailureText}");
        }
        else if (_handshake.State == LinkHandshakeState.Up)
        {
            Establish();
        }
    }

    private void Establish()
    {
        _proved = _wanted = true;
        Timers.Cancel(nameof(AttemptExpired));
        Timers.Cancel(nameof(OfferUnanswered));
        Timers.StartPeriodicTimer(nameof(QualityDue), new QualityDue(), _context.Options.QualityInterval, _context.Options.QualityInterval);
        Transition(PeerTrigger.LinkEstablished, "channels open, key proved");
        AnnounceLink();
        _channels.Open(_handshake!.NextSequence);
        foreach (var (channel, bytes) in _early.Take())
        {
            HandleFrame(channel, bytes);
        }
    }

    private void AnnounceLink()
    {
        _schedule.Reset();
        if (_lostAt is { } lostAt)
        {
            _lostAt = null;
            Context.System.EventStream.Publish(new PeerReconnected(_peer, _context.Now - lostAt));
        }

        _context.Routing.Tell(new LinkUp(_peer, LinkKind.DataChannel, _self));
        Measure();
    }

    /// <summary>The connection is gone: nothing is routed over it, and the next one begins with hello again.</summary>
    private void LoseLink()
    {
        if (_proved)
        {
            _context.Routing.Tell(new LinkDown(_peer, _self));
            _channels.LoseConnection();
        }

        _proved = false;
        _handshake = null;
        _early.Take();
    }

    private void HandleFrame(ChannelKind channel, ReadOnlySpan<byte> bytes)
    {
        if (_channels.Handle(channel, bytes) is { } goodbye && Transition(PeerTrigger.GoodbyeReceived, $"{goodbye.Reason}: {goodbye.Text}"))
        {
            End($"the peer said goodbye ({goodbye.Reason}: {goodbye.Text})");
        }
    }

    private void SendGoodbye(GoodbyeReason reason, string text)
    {
        if (_proved)
        {
            _channels.SendControl(FrameKind.Goodbye, new Goodbye(reason, text).ToByteArray());
        }
    }

    private void HandleSendText(SendText message)
    {
        Connect();
        _channels.SendText(message, Sender);
    }

    /// <summary>
    /// The channel, once it is open and the far side has proved its key; null while the path is lost, because what a
    /// transport has taken is gone if a new connection follows.
    /// </summary>
    private IChannelPort? OpenChannel(ChannelKind channel) =>
        _proved && _lifecycle.State is not (PeerState.Disconnected or PeerState.Reconnecting) ? _negotiation.Port?.Channel(channel) : null;

    // State

    /// <summary>Takes a legal transition and shows it; false, and nothing happens, when it is not legal.</summary>
    private bool Transition(PeerTrigger trigger, string cause)
    {
        var moved = _lifecycle.TryMove(trigger, cause, out var changed);
        if (changed)
        {
            Publish();
        }

        return moved;
    }

    private void CheckQuality()
    {
        if (_negotiation.Port is { IsAlive: false })
        {
            HandleConnectionLost("the connection failed on its event loop");
        }

        Measure();
    }

    private void Measure()
    {
        if (_proved && _negotiation.Port?.RoundTripTime is { } roundTrip)
        {
            _context.Routing.Tell(new LinkMeasured(_peer, _self, roundTrip));
        }

        Publish();
    }

    private void Publish() => _context.Registry.Tell(new PeerSnapshot(
        _peer, _lifecycle.State, _lifecycle.Cause, "direct", _negotiation.Port?.RoundTripTime?.TotalMilliseconds, _channels.Describe(_negotiation.Port)));
}

using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// Signs and seals what peers want said, opens what comes for this node, and passes on what is for others. What is
/// forged, altered, replayed, looping or too much is refused and counted. Several paths and retries have their place
/// here: where one envelope goes to routing today.
/// </summary>
internal sealed class MeshSignalingActor : ReceiveActor, IWithTimers
{
    private sealed record RecordExpired(PeerId Peer);

    private sealed record Waiting(SendSignal Signal, IActorRef ReplyTo);

    /// <summary>Messages that wait for one peer's record.</summary>
    private const int MaximumWaiting = 32;

    private const int MaximumDuplicates = 65_536; // 32 bytes each

    /// <summary>SPEC §2.5: 30 s or the longest retry.</summary>
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromSeconds(30);

    private readonly MeshContext _context;
    private readonly EnvelopeSealer _sealer;
    private readonly EnvelopeOpener _opener;
    private readonly SequenceSource _sequence;
    private readonly DuplicateFilter<DuplicateKey> _relayedBefore = new(DuplicateWindow, MaximumDuplicates);
    private readonly Dictionary<PeerId, (KeyBundle Bundle, BootNonce BootNonce)> _records = [];
    private readonly Dictionary<PeerId, List<Waiting>> _waiting = [];
    private readonly Dictionary<PeerId, TokenBucket> _budgets = [];
    private long _relayed;
    private long _duplicates;

    public static Props Props(MeshContext context) => Actors.Props.Create(() => new MeshSignalingActor(context));

    public MeshSignalingActor(MeshContext context)
    {
        _context = context;
        _sealer = new EnvelopeSealer(context.Identity, context.Random);
        _opener = new EnvelopeOpener(context.Identity);
        _sequence = context.Identity.CreateSequenceSource();

        Receive<SendSignal>(HandleSend);
        Receive<EnvelopeReceived>(HandleEnvelope);
        Receive<RecordLearnt>(HandleRecord);
        Receive<RecordsForgotten>(HandleRecordsForgotten);
        Receive<RecordExpired>(HandleRecordExpired);
        Receive<LinkDown>(message =>
        {
            _budgets.Remove(message.Peer);
        });
        Receive<GetSignalingStatistics>(_ => Sender.Tell(Statistics()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void HandleSend(SendSignal signal)
    {
        if (_records.ContainsKey(signal.To))
        {
            Seal(signal, Sender);
            return;
        }

        if (!_waiting.TryGetValue(signal.To, out var waiting))
        {
            _waiting.Add(signal.To, waiting = []);
            Timers.StartSingleTimer(signal.To, new RecordExpired(signal.To), _context.Options.RecordTimeout);
        }

        if (waiting.Count < MaximumWaiting)
        {
            waiting.Add(new(signal, Sender));
        }
        else
        {
            Sender.Tell(new SignalFailed(signal.To, "too many messages wait for the peer's record", signal.Payload));
        }
    }

    private void Seal(SendSignal signal, IActorRef replyTo)
    {
        var (bundle, bootNonce) = _records[signal.To];
        var payload = signal.Payload.ToJson();
        if (payload.Length > EnvelopeSealer.MaxPayloadLength)
        {
            replyTo.Tell(new SignalFailed(signal.To, $"{payload.Length} bytes do not fit into an envelope", signal.Payload));
            return;
        }

        var envelope = _sealer.Seal(bundle, bootNonce, MessageId.Create(_context.Random), signal.Payload.Type, _sequence.Next(), payload);
        _context.Routing.Tell(new RouteEnvelope(signal.To, envelope.ToByteArray(), signal.Payload), replyTo);
    }

    private void HandleRecord(RecordLearnt record)
    {
        if (_records.TryGetValue(record.Peer, out var known) && known.BootNonce != record.BootNonce)
        {
            _context.Registry.Tell(new PeerRestarted(record.Peer, record.BootNonce));
        }

        _records[record.Peer] = (record.Bundle, record.BootNonce);
        if (_waiting.Remove(record.Peer, out var waiting))
        {
            Timers.Cancel(record.Peer);
            foreach (var (signal, replyTo) in waiting)
            {
                Seal(signal, replyTo);
            }
        }
    }

    private void HandleRecordsForgotten(RecordsForgotten forgotten)
    {
        foreach (var peer in _records.Keys.Where(peer => !forgotten.Remaining.Contains(peer)).ToArray())
        {
            _records.Remove(peer);
        }
    }

    private void HandleRecordExpired(RecordExpired expired)
    {
        if (_waiting.Remove(expired.Peer, out var waiting))
        {
            foreach (var (signal, replyTo) in waiting)
            {
                replyTo.Tell(new SignalFailed(expired.Peer, "no signed record of the peer has reached this node; is it in the mesh?", signal.Payload));
            }
        }
    }

    private void HandleEnvelope(EnvelopeReceived received)
    {
        if (!_budgets.TryGetValue(received.Neighbour, out var budget))
        {
            _budgets.Add(received.Neighbour, budget = new TokenBucket(_context.Options.NeighbourRate, _context.Options.NeighbourBurst));
        }

        if (!Envelope.TryParse(received.Bytes, out var envelope))
        {
            HandleUnparsed(received, budget);
        }
        else if (envelope.To == _context.Identity.Id)
        {
            Open(envelope, budget);
        }
        else
        {
            Relay(envelope, budget);
        }
    }

    private void Open(Envelope envelope, TokenBucket budget)
    {
        var bundle = _records.TryGetValue(envelope.From, out var record) ? record.Bundle : null;
        if (!_opener.TryOpen(_context.Now, envelope, bundle, budget, out var opened, out var reason))
        {
            Context.GetLogger().Debug("Envelope from {0} refused: {1}", envelope.From, reason);
        }
        else if (SignalPayload.TryParse(opened.Type, opened.Payload.Span, out var payload))
        {
            _context.Registry.Tell(new SignalReceived(opened.From, opened.Sequence, payload));
        }
        else
        {
            _opener.CountRefusal(RefusalReason.MalformedContent);
        }
    }

    private void Relay(Envelope envelope, TokenBucket budget)
    {
        if (!budget.TryTake(_context.Now))
        {
            _opener.CountRefusal(RefusalReason.RateLimited);
        }
        else if (!_relayedBefore.TryAdd(_context.Now, envelope.DuplicateKey))
        {
            _duplicates++;
        }
        else if (envelope.TryForward(_context.Identity.Id, out var forwarded))
        {
            _relayed++;
            _context.Routing.Tell(new RouteEnvelope(envelope.To, forwarded.ToByteArray()), ActorRefs.NoSender);
        }
    }

    /// <summary>Answers a version or suite that we do not know with ours, within the neighbour's budget.</summary>
    private void HandleUnparsed(EnvelopeReceived received, TokenBucket budget)
    {
        if (!EnvelopeHeader.TryParse(received.Bytes, out var header) || header.IsSupported)
        {
            _opener.CountRefusal(RefusalReason.Malformed);
            return;
        }

        _opener.CountRefusal(RefusalReason.Unsupported);
        if (header.To == _context.Identity.Id && _records.ContainsKey(header.From) && budget.TryTake(_context.Now, tokens: 10))
        {
            var ours = new SignalPayload.Unsupported([EnvelopeHeader.CurrentVersion], [(int)CipherSuite.HpkeP256Aes128Gcm]);
            Seal(new SendSignal(header.From, ours), ActorRefs.NoSender);
        }
    }

    private SignalingStatistics Statistics()
    {
        var refused = Enum.GetValues<RefusalReason>()
            .Where(reason => reason != RefusalReason.None && _opener.Count(reason) > 0)
            .ToDictionary(reason => reason, _opener.Count);
        return new(_opener.Count(RefusalReason.None), _relayed, _duplicates, refused);
    }
}

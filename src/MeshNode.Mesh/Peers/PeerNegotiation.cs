using System.Globalization;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Peers;

/// <summary>An offer or answer to be signed, sealed and sent.</summary>
/// <param name="Connection">16 hex digits, chosen by whoever offers first; an ICE restart keeps it, a new connection does not.</param>
/// <param name="Sdp">The session description.</param>
public readonly record struct NegotiationSignal(string Connection, string Sdp);

public enum OfferOutcome
{
    /// <summary>An answer is to be sent; the connection is the one we had, or an answer sent before is repeated.</summary>
    Answered,

    /// <summary>An answer is to be sent; a new connection replaces what was here.</summary>
    AnsweredWithNewConnection,

    /// <summary>Glare, and we are the impolite side: the far side will answer our offer.</summary>
    Ignored,

    /// <summary>Overtaken by a later offer of the same peer.</summary>
    Stale,

    /// <summary>The description is not acceptable.</summary>
    Rejected,
}

/// <summary>
/// Perfect negotiation for one peer: owns its current connection and whose turn it is. Glare is decided by peer id
/// (the smaller is polite). Everything is idempotent by connection id: a repeated offer gets the same answer again.
/// Touched only by the peer's mailbox.
/// </summary>
public sealed class PeerNegotiation(IPeerConnectionFactory factory, bool polite, RandomSource random, Action readable) : IDisposable
{
    private const int MaximumEarlyCandidates = 64;

    private readonly List<(string Connection, string Candidate)> _early = [];
    private string? _pendingOffer;
    private string? _answeredOffer;
    private string? _lastAnswer;
    private ulong _lastOfferSequence;

    public IPeerConnectionPort? Port { get; private set; }

    public string? Connection { get; private set; }

    /// <summary>True for the side whose offer made the current connection; it also opens hello.</summary>
    public bool IsOfferer { get; private set; }

    /// <summary>Our offer that has no answer yet, to be repeated.</summary>
    public NegotiationSignal? PendingOffer => _pendingOffer is { } sdp ? new(Connection!, sdp) : null;

    /// <summary>Drops what is left of an old connection and offers a new one.</summary>
    public NegotiationSignal StartConnection()
    {
        Replace(random.NextUInt64().ToString("x16", CultureInfo.InvariantCulture), isOfferer: true);
        _pendingOffer = Port!.CreateOffer(iceRestart: false);
        return PendingOffer!.Value;
    }

    /// <summary>Offers the same connection with new ICE credentials; null when there is none to restart.</summary>
    public NegotiationSignal? RestartIce()
    {
        if (Port is null || _pendingOffer is not null)
        {
            return PendingOffer;
        }

        _pendingOffer = Port.CreateOffer(iceRestart: true);
        return PendingOffer;
    }

    /// <param name="connection">The offer's connection id.</param>
    /// <param name="sdp">The offer.</param>
    /// <param name="sequence">The envelope's sequence, by which offers that overtook each other on the way are told apart.</param>
    /// <param name="answer">What to send when the outcome is one of the two answered ones.</param>
    /// <param name="error">Why it was rejected.</param>
    public OfferOutcome HandleOffer(string connection, string sdp, ulong sequence, out NegotiationSignal answer, out string error)
    {
        answer = default;
        error = "";
        if (connection == Connection && sdp == _answeredOffer)
        {
            answer = new(connection, _lastAnswer!);
            return OfferOutcome.Answered;
        }

        if (sequence <= _lastOfferSequence)
        {
            return OfferOutcome.Stale;
        }

        if (_pendingOffer is not null && !polite)
        {
            return OfferOutcome.Ignored;
        }

        _lastOfferSequence = sequence;
        var isNew = connection != Connection || Port is null;
        if (isNew)
        {
            Replace(connection, isOfferer: false);
        }

        _pendingOffer = null; // the port rolls its own offer back
        if (!Port!.TryAnswer(sdp, out var answerSdp, out error))
        {
            return OfferOutcome.Rejected;
        }

        _answeredOffer = sdp;
        _lastAnswer = answerSdp;
        answer = new(connection, answerSdp);
        TakeEarlyCandidates();
        return isNew ? OfferOutcome.AnsweredWithNewConnection : OfferOutcome.Answered;
    }

    /// <summary>False, with the reason where there is one, when the answer belongs to nothing that is pending.</summary>
    public bool HandleAnswer(string connection, string sdp, out string error)
    {
        error = "";
        if (_pendingOffer is null || connection != Connection)
        {
            return false;
        }

        if (!Port!.TryAcceptAnswer(sdp, out error))
        {
            return false;
        }

        _pendingOffer = null;
        TakeEarlyCandidates();
        return true;
    }

    /// <summary>Candidates that come before their offer or answer wait for it, 64 at most.</summary>
    public void HandleCandidate(string connection, string candidate)
    {
        if (connection == Connection && Port is not null && _pendingOffer is null)
        {
            Port.TryAddCandidate(candidate, out _);
        }
        else if (_early.Count < MaximumEarlyCandidates)
        {
            _early.Add((connection, candidate));
        }
    }

    /// <summary>Says goodbye to the current connection and forgets it.</summary>
    public void Close()
    {
        Port?.Close();
        Forget();
    }

    /// <summary>Frees the current connection without a word.</summary>
    public void Dispose()
    {
        Port?.Dispose();
        Forget();
    }

    private void Replace(string connection, bool isOfferer)
    {
        Port?.Dispose();
        Forget();
        Connection = connection;
        IsOfferer = isOfferer;
        Port = factory.Create(readable);
    }

    private void Forget()
    {
        Port = null;
        Connection = null;
        _pendingOffer = _answeredOffer = _lastAnswer = null;
    }

    private void TakeEarlyCandidates()
    {
        foreach (var (connection, candidate) in _early)
        {
            if (connection == Connection)
            {
                Port!.TryAddCandidate(candidate, out _);
            }
        }

        _early.Clear();
    }
}

using MeshNode.Mesh.Links;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// What a <see cref="PeerActor"/> needs of a WebRTC connection with the four mesh channels. The product's port stands on
/// an event loop's <see cref="PeerConnection"/>; tests script one. Used only from the peer's dispatcher.
/// Disposing it frees everything at once; <see cref="Close"/> says goodbye on the wire first and disposes by itself.
/// </summary>
public interface IPeerConnectionPort : IDisposable
{
    /// <summary>What hello binds to: both sides' DTLS fingerprints. Null until both are known.</summary>
    ChannelBinding? Binding { get; }

    /// <summary>False once the event loop has given the connection up because it threw; no event tells.</summary>
    bool IsAlive { get; }

    /// <summary>Round trip of the selected path; null until measured.</summary>
    TimeSpan? RoundTripTime { get; }

    /// <summary>Creates and applies an offer; the SDP carries all candidates known so far.</summary>
    string CreateOffer(bool iceRestart);

    /// <summary>Applies an offer of the far side and answers it; false with the reason when it is not acceptable.</summary>
    bool TryAnswer(string offer, out string answer, out string error);

    bool TryAcceptAnswer(string answer, out string error);

    /// <param name="candidate">SDP candidate attribute; empty for end-of-candidates.</param>
    /// <param name="error">Why it was not taken.</param>
    bool TryAddCandidate(string candidate, out string error);

    /// <summary>The channel once it is open, null before and after.</summary>
    IChannelPort? Channel(ChannelKind kind);

    bool TryReadEvent(out PeerPortEvent portEvent);

    void Close();
}

/// <summary>Makes connections on the event loop that the calling actor runs on.</summary>
public interface IPeerConnectionFactory
{
    /// <param name="readable">Called on the peer's dispatcher when events wait to be read; at most once until they are.</param>
    IPeerConnectionPort Create(Action readable);
}

public enum PeerPortEventKind
{
    /// <summary><see cref="PeerPortEvent.Text"/> is a candidate to trickle; empty for end-of-candidates.</summary>
    CandidateGathered,
    ChannelOpened,
    ChannelClosed,

    /// <summary><see cref="PeerPortEvent.Data"/> is one message, valid until the next read.</summary>
    Message,

    /// <summary>The channel's buffered amount has fallen to the low-water mark.</summary>
    Drained,

    /// <summary>ICE has had no response for a while.</summary>
    PathLost,
    PathRestored,

    /// <summary>The connection is over; <see cref="PeerPortEvent.Text"/> says why.</summary>
    Ended,
}

public readonly record struct PeerPortEvent(
    PeerPortEventKind Kind, ChannelKind Channel = default, ReadOnlyMemory<byte> Data = default, string Text = "");

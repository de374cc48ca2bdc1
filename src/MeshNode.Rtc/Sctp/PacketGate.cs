using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>Which packets are the association's by their verification tag, and what is said to those that are not.</summary>
internal sealed class PacketGate(AssociationLifecycle lifecycle, HandshakeState handshake, ReplyQueue replies)
{
    /// <summary>Verification tag rules of RFC 9260 §8.5 and §8.5.1, by the packet's first chunk.</summary>
    public bool IsTagAcceptable(VerificationTag tag, ChunkType type, ReadOnlySpan<byte> chunk, bool isOnly)
    {
        switch (type)
        {
            case ChunkType.Init:
                return tag.IsZero && isOnly && !lifecycle.HasEnded;
            case ChunkType.InitAck:
                return tag == handshake.LocalTag && isOnly && lifecycle.State == SctpState.CookieWait;
            case ChunkType.CookieEcho:
                return !lifecycle.HasEnded; // checked against the tag in the cookie
            case ChunkType.Abort:
                return lifecycle.State != SctpState.Closed && AbortChunk.TryParse(chunk, out var abort)
                    && tag == (abort.IsTagReflected && !handshake.PeerTag.IsZero ? handshake.PeerTag : handshake.LocalTag);
            case ChunkType.ShutdownComplete:
                return lifecycle.State == SctpState.ShutdownAckSent && ShutdownCompleteChunk.TryParse(chunk, out var isReflected)
                    && tag == (isReflected ? handshake.PeerTag : handshake.LocalTag);
            case ChunkType.ShutdownAck when lifecycle.IsSettingUp:
                return isOnly; // §8.5.1, E: answered with the tag reflected
            default:
                return tag == handshake.LocalTag && lifecycle.State is not (SctpState.Closed or SctpState.CookieWait);
        }
    }

    /// <summary>
    /// RFC 9260 §8.4: a packet for no association, none of whose kinds is answered otherwise, is answered with an ABORT that
    /// reflects its tag, so that a far side that does not know of the end learns it.
    /// </summary>
    public void AnswerOutOfTheBlue(VerificationTag tag, ChunkType type, ReadOnlySpan<byte> chunks)
    {
        if (!lifecycle.HasEnded || type is ChunkType.Init or ChunkType.CookieEcho or ChunkType.CookieAck or ChunkType.ShutdownAck or ChunkType.ShutdownComplete)
        {
            return;
        }

        var reader = new ChunkReader(chunks);
        while (reader.TryRead(out var other, out _))
        {
            if (other is ChunkType.Abort or ChunkType.Error)
            {
                return; // §8.4, 2 and 7
            }
        }

        replies.Enqueue(tag, ChunkType.Abort, [], AbortChunk.ReflectedTagFlag);
    }
}

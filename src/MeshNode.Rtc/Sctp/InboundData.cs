using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.ErrorCauses;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// DATA, I-DATA and the chunks that skip them, up to the class that keeps them: in which state they are taken, of which kind they
/// have to be, and what ends the association.
/// </summary>
internal sealed class InboundData(AssociationLifecycle lifecycle, HandshakeState handshake)
{
    /// <summary>True when the chunk is to be acknowledged.</summary>
    public bool HandleData(ChunkType type, ReadOnlySpan<byte> chunk, ref bool isImmediate)
    {
        if (!SctpStateMachine.MayReceiveData(lifecycle.State) || !IsNegotiated(type == ChunkType.IData))
        {
            return false;
        }

        var reception = lifecycle.Transfer!.Reception;
        bool isEmpty;
        if (type == ChunkType.IData)
        {
            if (!IDataChunk.TryParse(chunk, out var data))
            {
                return false;
            }

            isEmpty = data.Payload.IsEmpty;
            if (!isEmpty)
            {
                isImmediate |= data.IsImmediate;
                reception.HandleIData(data);
            }
        }
        else
        {
            if (!DataChunk.TryParse(chunk, out var data))
            {
                return false;
            }

            isEmpty = data.Payload.IsEmpty;
            if (!isEmpty)
            {
                isImmediate |= data.IsImmediate;
                reception.HandleData(data);
            }
        }

        if (isEmpty)
        {
            // RFC 9260 §6.2: "it SHOULD send an ABORT with its error cause set to 'No User Data'"; the cause names the TSN.
            lifecycle.Abort(ErrorCauseCode.NoUserData, chunk.Slice(4, 4), "a DATA chunk has no user data", SctpErrorKind.ProtocolViolation);
            return false;
        }

        var streamId = new StreamId(BinaryPrimitives.ReadUInt16BigEndian(chunk[8..]));
        if (streamId.Value >= handshake.InboundStreams)
        {
            lifecycle.ReportInvalidStream(streamId); // it is acknowledged like any other; the data channels drop it
        }

        return !EndOnViolation();
    }

    public void HandleForwardTsn(ChunkType type, ReadOnlySpan<byte> chunk)
    {
        if (!SctpStateMachine.MayReceiveData(lifecycle.State) || !IsNegotiated(type == ChunkType.IForwardTsn))
        {
            return;
        }

        var reception = lifecycle.Transfer!.Reception;
        if (type == ChunkType.IForwardTsn && IForwardTsnChunk.TryParse(chunk, out var interleaved))
        {
            reception.HandleIForwardTsn(interleaved);
        }
        else if (type == ChunkType.ForwardTsn && ForwardTsnChunk.TryParse(chunk, out var forwardTsn))
        {
            reception.HandleForwardTsn(forwardTsn);
        }
        else
        {
            return;
        }

        EndOnViolation();
    }

    /// <summary>
    /// RFC 8260 §2.2.1 and §2.3.1: once I-DATA was agreed, DATA or FORWARD TSN must end the association with a Protocol Violation;
    /// so does the reverse.
    /// </summary>
    private bool IsNegotiated(bool isInterleaved)
    {
        if (lifecycle.Transfer!.Reception.IsInterleaving == isInterleaved)
        {
            return true;
        }

        lifecycle.Abort(ErrorCauseCode.ProtocolViolation, "I-DATA and DATA were mixed", SctpErrorKind.ProtocolViolation);
        return false;
    }

    /// <summary>After the cumulative point may have moved.</summary>
    private bool EndOnViolation()
    {
        var (_, reception, streamReset) = lifecycle.Transfer!;
        if (reception.Violation is { } violation)
        {
            lifecycle.Abort(ErrorCauseCode.ProtocolViolation, violation, SctpErrorKind.ProtocolViolation);
            return true;
        }

        if (reception.IsExhausted)
        {
            lifecycle.Abort(ErrorCauseCode.OutOfResource, [], "unfinished messages fill the receive window", SctpErrorKind.ResourceExhausted);
            return true;
        }

        streamReset.HandleCumulativeAdvance(reception.CumulativeTsn);
        return false;
    }
}

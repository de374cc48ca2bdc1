using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>The messages of RFC 8445 §7.1 and §7.3 as bytes.</summary>
internal static class BindingWriter
{
    public static int WriteRequest(Span<byte> destination, CheckTransaction transaction)
    {
        var generation = transaction.Pair.Generation;
        var writer = new StunWriter(destination, StunMessageClass.Request, StunMethod.Binding, transaction.Id);
        writer.WriteBytes(StunAttributeType.Username, generation.OutgoingUsername);
        // §7.1.1: "the priority that would be assigned ... if it were a peer-reflexive candidate".
        writer.WriteUInt32(StunAttributeType.Priority, IcePriority.WithType(transaction.Pair.Local.Priority, IceCandidateType.PeerReflexive));
        writer.WriteUInt64(
            transaction.Role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled,
            transaction.TieBreaker);
        if (transaction.UseCandidate)
        {
            writer.WriteFlag(StunAttributeType.UseCandidate);
        }

        writer.WriteMessageIntegrity(generation.RemotePassword);
        writer.WriteFingerprint();
        return writer.Length;
    }

    public static int WriteResponse(Span<byte> destination, in PendingResponse response)
    {
        var messageClass = response.ErrorCode == 0 ? StunMessageClass.SuccessResponse : StunMessageClass.ErrorResponse;
        var writer = new StunWriter(destination, messageClass, StunMethod.Binding, response.Id);
        if (response.ErrorCode == 0)
        {
            writer.WriteXorMappedAddress(response.Path.Remote);
        }
        else
        {
            writer.WriteErrorCode(response.ErrorCode, StunErrorCode.Reason(response.ErrorCode));
        }

        if (response.UnknownAttributes is { } unknown)
        {
            writer.WriteUnknownAttributes(unknown);
        }

        if (response.Signer is { } signer)
        {
            writer.WriteMessageIntegrity(signer.LocalPassword);
        }

        writer.WriteFingerprint();
        return writer.Length;
    }
}

using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>An answer that is owed and not yet written.</summary>
/// <param name="Path">Back along the request's way.</param>
/// <param name="Id">The request's transaction.</param>
/// <param name="ErrorCode">0 for success.</param>
/// <param name="Signer">Whose password signs it; null where the sender proved nothing (400 and 401, RFC 8489 §9.1.3).</param>
/// <param name="UnknownAttributes">For 420.</param>
internal readonly record struct PendingResponse(
    TransportPath Path, StunTransactionId Id, int ErrorCode, IceGeneration? Signer, ushort[]? UnknownAttributes = null)
{
    /// <summary>Bytes of an unsigned error response with this code.</summary>
    public static int UnsignedLength(int errorCode) =>
        StunDatagram.HeaderLength + 8 + ((StunErrorCode.Reason(errorCode).Length + 3) & ~3) + 8;
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// LabeledExtract and LabeledExpand of RFC 9180 §4 with HKDF-SHA256, for one suite id ("KEM" ‖ id, or "HPKE" ‖ ids).
/// </summary>
internal static class HpkeKdf
{
    public const int HashLength = 32;

    /// <summary>Extract(salt, "HPKE-v1" ‖ suite_id ‖ label ‖ ikm); 32 bytes.</summary>
    public static byte[] LabeledExtract(ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> ikm)
    {
        byte[] labeled = [.. "HPKE-v1"u8, .. suiteId, .. label, .. ikm];
        var prk = new byte[HashLength];
        HKDF.Extract(HashAlgorithmName.SHA256, labeled, salt, prk);
        CryptographicOperations.ZeroMemory(labeled);
        return prk;
    }

    /// <summary>Expand(prk, I2OSP(L, 2) ‖ "HPKE-v1" ‖ suite_id ‖ label ‖ info, L).</summary>
    public static byte[] LabeledExpand(ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, int length)
    {
        Span<byte> lengthBytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(lengthBytes, checked((ushort)length));
        byte[] labeled = [.. lengthBytes, .. "HPKE-v1"u8, .. suiteId, .. label, .. info];
        var output = new byte[length];
        HKDF.Expand(HashAlgorithmName.SHA256, prk, output, labeled);
        return output;
    }
}

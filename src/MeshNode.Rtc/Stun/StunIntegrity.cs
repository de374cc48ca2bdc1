using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshNode.Rtc.Stun;

internal enum StunIntegrityResult
{
    /// <summary>Neither MESSAGE-INTEGRITY nor MESSAGE-INTEGRITY-SHA256 is there.</summary>
    Missing,
    Invalid,
    Valid,
}

/// <summary>The keyed hashes of RFC 8489 §14.5 and §14.6, computed over a copy on the stack.</summary>
internal static class StunIntegrity
{
    public const int Sha1Length = 20;
    public const int Sha256Length = 32;

    /// <summary>Longer messages do not fit a UDP datagram on the paths that we use, and are refused.</summary>
    public const int MaximumMessageLength = 2048;

    /// <summary>Checks one integrity attribute in constant time.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="attributeOffset">Where the attribute's header starts.</param>
    /// <param name="expected">The attribute's value.</param>
    /// <param name="key">For short-term credentials the password.</param>
    /// <param name="sha256">Which of the two hashes.</param>
    public static bool Verify(
        ReadOnlySpan<byte> message, int attributeOffset, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> key, bool sha256)
    {
        // §14.6: a SHA-256 value may be truncated: "at least 16 bytes ... multiple of 4".
        var lengthIsValid = sha256
            ? expected.Length is >= 16 and <= Sha256Length && expected.Length % 4 == 0
            : expected.Length == Sha1Length;
        if (!lengthIsValid || attributeOffset > MaximumMessageLength)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[attributeOffset];
        message[..attributeOffset].CopyTo(copy);
        SetLength(copy, attributeOffset + 4 + expected.Length);
        Span<byte> hash = stackalloc byte[Sha256Length];
        var written = Hash(copy, key, hash, sha256);
        return CryptographicOperations.FixedTimeEquals(hash[..Math.Min(written, expected.Length)], expected);
    }

    /// <summary>Hashes <paramref name="message"/>, whose length field must already count the attribute.</summary>
    public static int Hash(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> destination, bool sha256) =>
        sha256 ? HMACSHA256.HashData(key, message, destination) : Sha1(message, key, destination);

    // §14.5: "the length ... pointing to the end of the MESSAGE-INTEGRITY attribute".
    public static void SetLength(Span<byte> message, int end) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(end - StunDatagram.HeaderLength));

#pragma warning disable CA5350 // MESSAGE-INTEGRITY is HMAC-SHA1 by RFC 8489 §14.5; nothing else interoperates.
    private static int Sha1(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> destination) =>
        HMACSHA1.HashData(key, message, destination);
#pragma warning restore CA5350
}

using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// NIST P-256 public keys as 65-byte uncompressed SEC1 points and ECDSA signatures as 64-byte IEEE P1363 (r then s).
/// </summary>
internal static class P256
{
    public const int PointLength = 65;
    public const int SignatureLength = 64;
    public const int ScalarLength = 32;

    // SP 800-186 §3.2.1.3: y² = x³ - 3x + b over the field of p = 2^256 - 2^224 + 2^192 + 2^96 - 1.
    private static readonly BigInteger P = Hex("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Hex("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    private static readonly BigInteger N = Hex("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    /// <summary>
    /// Whether the bytes are a point of the curve. Asked before every import, because importing a wrong point throws
    /// and because Diffie-Hellman with a point off the curve gives the private key away (RFC 9180 §7.1.4: "the sender
    /// and recipient MUST perform partial public-key validation"). The cofactor is 1, so this validation is full.
    /// Public values only: the arithmetic is not constant-time.
    /// </summary>
    public static bool IsPoint(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointLength || point[0] != 4)
        {
            return false;
        }

        var x = new BigInteger(point[1..33], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(point[33..], isUnsigned: true, isBigEndian: true);
        return x < P && y < P && ((y * y) - (((x * x) - 3) * x) - B) % P == 0;
    }

    /// <summary>Whether 32 bytes are a private key: in [1, n).</summary>
    public static bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        var value = new BigInteger(scalar, isUnsigned: true, isBigEndian: true);
        return scalar.Length == ScalarLength && !value.IsZero && value < N;
    }

    /// <param name="point">A point that <see cref="IsPoint"/> accepted; anything else throws.</param>
    public static ECParameters PublicParameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
    };

    public static byte[] ExportPoint(ECAlgorithm key)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        var point = new byte[PointLength];
        point[0] = 4;
        q.X!.CopyTo(point, 1);
        q.Y!.CopyTo(point, 33);
        return point;
    }

    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> message) =>
        key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <param name="point">A point that <see cref="IsPoint"/> accepted.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">Anything; what is not a signature is a wrong one.</param>
    public static bool Verify(ReadOnlySpan<byte> point, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength || !IsScalar(signature[..32]) || !IsScalar(signature[32..]))
        {
            return false;
        }

        using var key = ECDsa.Create(PublicParameters(point));
        return key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static BigInteger Hex(string digits) => BigInteger.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

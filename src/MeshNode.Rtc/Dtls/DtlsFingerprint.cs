using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// A certificate's digest as SDP carries it: <c>sha-256 AB:CD:…</c> (RFC 8122 section 5). Compared by value.
/// </summary>
public sealed class DtlsFingerprint : IEquatable<DtlsFingerprint>
{
    private readonly byte[] _digest;

    private DtlsFingerprint(DtlsHashAlgorithm algorithm, byte[] digest)
    {
        Algorithm = algorithm;
        _digest = digest;
    }

    public DtlsHashAlgorithm Algorithm { get; }

    /// <summary>32, 48 or 64 bytes.</summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <param name="algorithm">The hash function.</param>
    /// <param name="certificate">The DER form of an X.509 certificate.</param>
    public static DtlsFingerprint Compute(DtlsHashAlgorithm algorithm, ReadOnlySpan<byte> certificate) => new(algorithm, algorithm switch
    {
        DtlsHashAlgorithm.Sha256 => SHA256.HashData(certificate),
        DtlsHashAlgorithm.Sha384 => SHA384.HashData(certificate),
        _ => SHA512.HashData(certificate),
    });

    /// <summary>
    /// Parses <c>hash-func SP fingerprint</c>. False when it is malformed or names another hash function
    /// (<see cref="IsKnownHash"/> tells the two apart).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        var space = text.IndexOf(' ');
        if (space < 0 || !TryParseHash(text[..space], out var algorithm))
        {
            return false;
        }

        var hex = text[(space + 1)..];
        var length = LengthOf(algorithm);
        if (hex.Length != (length * 3) - 1)
        {
            return false;
        }

        var digest = new byte[length];
        for (var i = 0; i < length; i++)
        {
            var at = i * 3;
            if (!char.IsAsciiHexDigit(hex[at]) || !char.IsAsciiHexDigit(hex[at + 1]) || (i < length - 1 && hex[at + 2] != ':'))
            {
                return false;
            }

            digest[i] = (byte)((HexValue(hex[at]) << 4) | HexValue(hex[at + 1]));
        }

        fingerprint = new(algorithm, digest);
        return true;
    }

    /// <summary>Whether the text begins with a hash function that we can compute.</summary>
    public static bool IsKnownHash(ReadOnlySpan<char> text)
    {
        var space = text.IndexOf(' ');
        return TryParseHash(space < 0 ? text : text[..space], out _);
    }

    public bool Equals(DtlsFingerprint? other) =>
        other is not null && Algorithm == other.Algorithm && _digest.AsSpan().SequenceEqual(other._digest);

    public override bool Equals(object? obj) => Equals(obj as DtlsFingerprint);

    public override int GetHashCode() => BitConverter.ToInt32(_digest);

    /// <summary>The form of the attribute's value, with upper-case digits as RFC 8122 wants them.</summary>
    public override string ToString()
    {
        var name = Algorithm switch
        {
            DtlsHashAlgorithm.Sha256 => "sha-256 ",
            DtlsHashAlgorithm.Sha384 => "sha-384 ",
            _ => "sha-512 ",
        };
        return name + BitConverter.ToString(_digest).Replace('-', ':');
    }

    private static int LengthOf(DtlsHashAlgorithm algorithm) => algorithm switch
    {
        DtlsHashAlgorithm.Sha256 => 32,
        DtlsHashAlgorithm.Sha384 => 48,
        _ => 64,
    };

    private static bool TryParseHash(ReadOnlySpan<char> name, out DtlsHashAlgorithm algorithm)
    {
        algorithm = DtlsHashAlgorithm.Sha256;
        if (name.Equals("sha-256", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        algorithm = DtlsHashAlgorithm.Sha384;
        if (name.Equals("sha-384", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        algorithm = DtlsHashAlgorithm.Sha512;
        return name.Equals("sha-512", StringComparison.OrdinalIgnoreCase);
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

using System.Security.Cryptography;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// The keys that a peer uses now, certified by its root key, whose hash is its id. Layout (big-endian):
/// <code>
/// version u8 = 1 | flags u8 = 0 | rootKey 65 | signingKey 65 | kemKey 65 | sequence u64 | notAfter u64
/// | suiteCount u8 | suites u8 × suiteCount | rootSignature 64 over context ‖ everything before
/// </code>
/// A bundle with a higher sequence replaces a lower one. Immutable; may be shared between threads.
/// </summary>
public sealed class KeyBundle
{
    public const byte Version = 1;
    public const int MaxSuites = 16;

    /// <summary>Bytes on the wire, at most.</summary>
    public const int MaxLength = FixedLength + MaxSuites;

    private const int FixedLength = 2 + (3 * P256.PointLength) + 8 + 8 + 1 + P256.SignatureLength;

    private readonly byte[] _bytes;
    private readonly byte[] _suites;
    private volatile int _verified; // 0 not asked, 1 yes, 2 no

    private KeyBundle(byte[] bytes, ulong sequence, ulong notAfter, byte[] suites)
    {
        _bytes = bytes;
        _suites = suites;
        Sequence = sequence;
        NotAfter = notAfter;
        Id = PeerId.FromRootKey(RootKey);
    }

    public PeerId Id { get; }

    public ulong Sequence { get; }

    /// <summary>Unix seconds, 0 for none. Diagnostic: not everyone has a clock that can be trusted.</summary>
    public ulong NotAfter { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public ReadOnlySpan<byte> RootKey => _bytes.AsSpan(2, P256.PointLength);

    /// <summary>Verifies adverts, hellos and envelopes of this peer. In a browser the same as <see cref="RootKey"/>.</summary>
    public ReadOnlySpan<byte> SigningKey => _bytes.AsSpan(2 + P256.PointLength, P256.PointLength);

    /// <summary>What envelopes to this peer are sealed to.</summary>
    public ReadOnlySpan<byte> KemKey => _bytes.AsSpan(2 + (2 * P256.PointLength), P256.PointLength);

    public bool Supports(CipherSuite suite) => _suites.AsSpan().Contains((byte)suite);

    /// <summary>
    /// Signs a bundle of the given keys with the root key.
    /// </summary>
    /// <param name="root">The root key pair.</param>
    /// <param name="signingKey">Public key, 65 bytes.</param>
    /// <param name="kemKey">Public key, 65 bytes.</param>
    /// <param name="sequence">Higher than that of every bundle before.</param>
    /// <param name="notAfter">Unix seconds, 0 for none.</param>
    public static KeyBundle Create(ECDsa root, ReadOnlySpan<byte> signingKey, ReadOnlySpan<byte> kemKey, ulong sequence, ulong notAfter = 0)
    {
        var bytes = new byte[FixedLength + 1];
        var writer = new WireWriter(bytes);
        writer.WriteByte(Version);
        writer.WriteByte(0);
        writer.WriteBytes(P256.ExportPoint(root));
        writer.WriteBytes(signingKey);
        writer.WriteBytes(kemKey);
        writer.WriteUInt64(sequence);
        writer.WriteUInt64(notAfter);
        writer.WriteBytes8([(byte)CipherSuite.HpkeP256Aes128Gcm]);
        writer.WriteBytes(P256.Sign(root, [.. SignatureContext.KeyBundle, .. bytes.AsSpan(0, writer.Position)]));
        return TryParse(bytes, out var bundle) && bundle.Verify()
            ? bundle
            : throw new ArgumentException("The signing key and the KEM key must be points of P-256, 65 bytes each.");
    }

    /// <summary>False when the layout is wrong or a key is not a point of the curve. Says nothing about the signature: <see cref="Verify"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out KeyBundle? bundle)
    {
        bundle = null;
        var reader = new WireReader(source);
        var version = reader.ReadByte();
        var flags = reader.ReadByte();
        var rootKey = reader.ReadBytes(P256.PointLength);
        var signingKey = reader.ReadBytes(P256.PointLength);
        var kemKey = reader.ReadBytes(P256.PointLength);
        var sequence = reader.ReadUInt64();
        var notAfter = reader.ReadUInt64();
        var suites = reader.ReadBytes8();
        reader.ReadBytes(P256.SignatureLength);
        if (!reader.IsComplete || version != Version || flags != 0 || suites.Length is 0 or > MaxSuites)
        {
            return false;
        }

        if (!P256.IsPoint(rootKey) || !(signingKey.SequenceEqual(rootKey) || P256.IsPoint(signingKey)) || !P256.IsPoint(kemKey))
        {
            return false;
        }

        bundle = new KeyBundle(source.ToArray(), sequence, notAfter, suites.ToArray());
        return true;
    }

    /// <summary>Whether the root key signed this bundle. Costs one signature check the first time, nothing after it.</summary>
    public bool Verify()
    {
        if (_verified == 0)
        {
            var signed = _bytes.AsSpan(0, _bytes.Length - P256.SignatureLength);
            var valid = P256.Verify(RootKey, [.. SignatureContext.KeyBundle, .. signed], _bytes.AsSpan(signed.Length));
            _verified = valid ? 1 : 2;
        }

        return _verified == 1;
    }
}

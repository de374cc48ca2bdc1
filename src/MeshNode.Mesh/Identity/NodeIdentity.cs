using System.Security.Cryptography;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// The keys of this process: signs with the signing key and opens what is sealed to the KEM key. The root key is not
/// in memory. May be used by several threads.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    private readonly Lock _gate = new(); // an ECDsa or ECDiffieHellman instance is not promised to be thread-safe
    private readonly ECDsa _signingKey;
    private readonly ECDiffieHellman _kemKey;
    private readonly IDisposable? _directoryLock;

    internal NodeIdentity(ECDsa signingKey, ECDiffieHellman kemKey, KeyBundle bundle, uint bootCounter, BootNonce bootNonce, IDisposable? directoryLock)
    {
        _signingKey = signingKey;
        _kemKey = kemKey;
        _directoryLock = directoryLock;
        Bundle = bundle;
        BootCounter = bootCounter;
        BootNonce = bootNonce;
    }

    public PeerId Id => Bundle.Id;

    public KeyBundle Bundle { get; }

    /// <summary>How often this identity has been started, from 1.</summary>
    public uint BootCounter { get; }

    public BootNonce BootNonce { get; }

    /// <summary>A new identity that lives in memory only: for simulations and tests.</summary>
    public static NodeIdentity CreateEphemeral(RandomSource secure, uint bootCounter = 1)
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kemKey = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var bundle = KeyBundle.Create(root, P256.ExportPoint(signingKey), P256.ExportPoint(kemKey), sequence: 1);
        return new NodeIdentity(signingKey, kemKey, bundle, bootCounter, BootNonce.Create(secure), directoryLock: null);
    }

    /// <summary>A fresh series of numbers that are higher than all of earlier boots.</summary>
    public SequenceSource CreateSequenceSource() => new(BootCounter);

    /// <summary>Frees the keys and, where it has one, the data directory's lock.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _signingKey.Dispose();
            _kemKey.Dispose();
            _directoryLock?.Dispose();
        }
    }

    /// <returns>64 bytes over context ‖ message.</returns>
    internal byte[] Sign(ReadOnlySpan<byte> context, ReadOnlySpan<byte> message)
    {
        byte[] signed = [.. context, .. message];
        lock (_gate)
        {
            return P256.Sign(_signingKey, signed);
        }
    }

    /// <summary>Diffie-Hellman of the KEM key with a point that was found to be on the curve; 32 bytes.</summary>
    internal byte[] Agree(ReadOnlySpan<byte> point)
    {
        using var other = ECDiffieHellman.Create(P256.PublicParameters(point));
        using var publicKey = other.PublicKey;
        lock (_gate)
        {
            return _kemKey.DeriveRawSecretAgreement(publicKey);
        }
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// An encryption context, RFC 9180 §5.2: counts the messages and gives each its nonce. One direction, one thread.
/// </summary>
internal sealed class HpkeContext : IDisposable
{
    private readonly AesGcm _aead;
    private readonly byte[] _exporterSecret;
    private ulong _sequence; // §5.2 allows 2^96 - 1; we stop at 2^64 - 1

    public HpkeContext(byte[] key, byte[] baseNonce, byte[] exporterSecret)
    {
        Key = key;
        BaseNonce = baseNonce;
        _exporterSecret = exporterSecret;
        _aead = new AesGcm(key, Hpke.TagLength);
    }

    internal byte[] Key { get; }

    internal byte[] BaseNonce { get; }

    internal ReadOnlySpan<byte> ExporterSecret => _exporterSecret;

    /// <returns>Ciphertext and tag of the next message.</returns>
    public byte[] Seal(ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[Hpke.NonceLength];
        ComputeNonce(nonce);
        var sealedBytes = new byte[plaintext.Length + Hpke.TagLength];
        _aead.Encrypt(nonce, plaintext, sealedBytes.AsSpan(0, plaintext.Length), sealedBytes.AsSpan(plaintext.Length), aad);
        _sequence = checked(_sequence + 1);
        return sealedBytes;
    }

    /// <summary>Opens the next message; one that does not open does not count.</summary>
    /// <exception cref="CryptographicException">Wrong key, or something was altered, or it is shorter than a tag.</exception>
    public byte[] Open(ReadOnlySpan<byte> aad, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < Hpke.TagLength)
        {
            throw new CryptographicException("OpenError");
        }

        Span<byte> nonce = stackalloc byte[Hpke.NonceLength];
        ComputeNonce(nonce);
        var plaintext = new byte[sealedBytes.Length - Hpke.TagLength];
        _aead.Decrypt(nonce, sealedBytes[..plaintext.Length], sealedBytes[plaintext.Length..], plaintext, aad);
        _sequence = checked(_sequence + 1);
        return plaintext;
    }

    /// <summary>RFC 9180 §5.3: a secret of the given length that only the two ends know.</summary>
    public byte[] Export(ReadOnlySpan<byte> exporterContext, int length) =>
        HpkeKdf.LabeledExpand(Hpke.SuiteId, _exporterSecret, "sec"u8, exporterContext, length);

    public void Dispose()
    {
        _aead.Dispose();
        CryptographicOperations.ZeroMemory(Key);
        CryptographicOperations.ZeroMemory(_exporterSecret);
    }

    // base_nonce XOR I2OSP(seq, Nn)
    private void ComputeNonce(Span<byte> nonce)
    {
        BaseNonce.CopyTo(nonce);
        var low = nonce[(Hpke.NonceLength - 8)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _sequence);
    }
}

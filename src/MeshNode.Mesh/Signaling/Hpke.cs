using System.Security.Cryptography;
using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// Hybrid public key encryption, RFC 9180, for one suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
/// The mesh uses mode base; the other modes are here because they share every line and let all the RFC's vectors of the suite
/// be checked.
/// </summary>
internal static class Hpke
{
    /// <summary>Nt of AES-128-GCM.</summary>
    public const int TagLength = 16;

    /// <summary>Nn of AES-128-GCM.</summary>
    public const int NonceLength = 12;

    private const int KeyLength = 16; // Nk

    /// <summary>"HPKE" ‖ KEM 0x0010 ‖ KDF 0x0001 ‖ AEAD 0x0001.</summary>
    public static ReadOnlySpan<byte> SuiteId => [(byte)'H', (byte)'P', (byte)'K', (byte)'E', 0x00, 0x10, 0x00, 0x01, 0x00, 0x01];

    /// <summary>SetupBaseS with a fresh ephemeral key.</summary>
    /// <param name="receiver">A point of the curve.</param>
    /// <param name="info">Both ends give the same.</param>
    /// <param name="secure">The ephemeral key comes from it.</param>
    /// <param name="enc">What the receiver needs: 65 bytes.</param>
    public static HpkeContext SetupBaseSender(ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> info, RandomSource secure, out byte[] enc)
    {
        using var ephemeral = HpkeKem.GenerateKeyPair(secure);
        var sharedSecret = HpkeKem.Encapsulate(receiver, ephemeral, sender: null, out enc);
        return KeySchedule(HpkeMode.Base, sharedSecret, info, default, default);
    }

    /// <summary>SetupBaseR with a node's KEM key.</summary>
    /// <param name="enc">A point of the curve.</param>
    /// <param name="receiver">Has the private key.</param>
    /// <param name="info">Both ends give the same.</param>
    public static HpkeContext SetupBaseReceiver(ReadOnlySpan<byte> enc, NodeIdentity receiver, ReadOnlySpan<byte> info)
    {
        var sharedSecret = HpkeKem.Decapsulate(enc, receiver.Agree, receiver.Bundle.KemKey, sender: default);
        return KeySchedule(HpkeMode.Base, sharedSecret, info, default, default);
    }

    /// <summary>
    /// KeySchedule of RFC 9180 §5.1. Wipes the shared secret.
    /// </summary>
    /// <exception cref="ArgumentException">"Inconsistent PSK inputs", or a PSK in a mode without one, or none in a mode with one.</exception>
    public static HpkeContext KeySchedule(HpkeMode mode, byte[] sharedSecret, ReadOnlySpan<byte> info, ReadOnlySpan<byte> psk, ReadOnlySpan<byte> pskId)
    {
        if (psk.IsEmpty != pskId.IsEmpty || psk.IsEmpty == mode is HpkeMode.Psk or HpkeMode.AuthPsk)
        {
            throw new ArgumentException($"Mode {mode} takes {(mode is HpkeMode.Psk or HpkeMode.AuthPsk ? "both" : "neither")} of psk and psk_id.");
        }

        var pskIdHash = HpkeKdf.LabeledExtract(SuiteId, default, "psk_id_hash"u8, pskId);
        var infoHash = HpkeKdf.LabeledExtract(SuiteId, default, "info_hash"u8, info);
        byte[] context = [(byte)mode, .. pskIdHash, .. infoHash];
        var secret = HpkeKdf.LabeledExtract(SuiteId, sharedSecret, "secret"u8, psk);
        CryptographicOperations.ZeroMemory(sharedSecret);
        var keys = new HpkeContext(
            HpkeKdf.LabeledExpand(SuiteId, secret, "key"u8, context, KeyLength),
            HpkeKdf.LabeledExpand(SuiteId, secret, "base_nonce"u8, context, NonceLength),
            HpkeKdf.LabeledExpand(SuiteId, secret, "exp"u8, context, HpkeKdf.HashLength));
        CryptographicOperations.ZeroMemory(secret);
        return keys;
    }
}

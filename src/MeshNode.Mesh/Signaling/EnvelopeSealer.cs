using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Signaling;

/// <summary>Signs a message and seals it to its receiver. Used from one thread.</summary>
/// <param name="identity">Who sends.</param>
/// <param name="secure">Cryptographically secure; every ephemeral key comes from it.</param>
public sealed class EnvelopeSealer(NodeIdentity identity, RandomSource secure)
{
    /// <summary>Bytes of a payload, at most: what fits with a full path.</summary>
    public const int MaxPayloadLength = Envelope.MaxLength - Overhead;

    internal static ReadOnlySpan<byte> Info => "meshnode envelope v1"u8;

    // header, hop limit and count, full path, enc, length; type, sequence, boot nonce, length, signature; GCM tag
    private const int Overhead = EnvelopeHeader.Length + 2 + (Envelope.MaxHops * PeerId.Length) + Envelope.EncLength + 4 + EnvelopeContent.Overhead + Hpke.TagLength;

    /// <summary>
    /// Makes an envelope. A retry of the same message is sealed anew with the same <paramref name="messageId"/> and the
    /// next <paramref name="sequence"/>.
    /// </summary>
    /// <param name="receiver">The receiver's verified key bundle.</param>
    /// <param name="receiverBootNonce">Learnt in its hello or from its signed advert.</param>
    /// <param name="messageId">New for a new message.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="sequence">Higher than all that were sent to this receiver; see <see cref="SequenceSource"/>.</param>
    /// <param name="payload">JSON in UTF-8, at most <see cref="MaxPayloadLength"/> bytes.</param>
    /// <param name="hopLimit">Relays that may pass it on: 0 to <see cref="Envelope.MaxHops"/>.</param>
    /// <exception cref="ArgumentException">The bundle is not verified or lacks our suite, or a limit is exceeded.</exception>
    public Envelope Seal(
        KeyBundle receiver,
        BootNonce receiverBootNonce,
        MessageId messageId,
        EnvelopeType type,
        ulong sequence,
        ReadOnlySpan<byte> payload,
        int hopLimit = Envelope.MaxHops)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayloadLength);
        ArgumentOutOfRangeException.ThrowIfNegative(hopLimit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hopLimit, Envelope.MaxHops);
        if (!receiver.Verify() || !receiver.Supports(CipherSuite.HpkeP256Aes128Gcm))
        {
            throw new ArgumentException("The receiver's key bundle is not signed by its root key, or does not offer suite 1.", nameof(receiver));
        }

        var header = new EnvelopeHeader(EnvelopeHeader.CurrentVersion, CipherSuite.HpkeP256Aes128Gcm, identity.Id, receiver.Id, messageId);
        var headerBytes = new byte[EnvelopeHeader.Length];
        header.WriteTo(headerBytes);

        using var context = Hpke.SetupBaseSender(receiver.KemKey, Info, secure, out var enc);
        var content = new EnvelopeContent(type, sequence, receiverBootNonce);
        var plaintext = new byte[EnvelopeContent.Overhead + payload.Length];
        var unsigned = plaintext.AsSpan(0, content.WriteTo(plaintext, payload));
        var signature = identity.Sign(SignatureContext.Envelope, [.. headerBytes, .. enc, .. unsigned]);
        signature.CopyTo(plaintext, unsigned.Length);
        return new Envelope(header, (byte)hopLimit, [], enc, context.Seal(headerBytes, plaintext));
    }
}

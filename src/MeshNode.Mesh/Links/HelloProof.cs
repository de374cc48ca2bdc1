using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Links;

/// <summary>
/// The body of a proof frame, made by the owner of the hello that it proves. Layout:
/// <code>hasInvite u8 (0 or 1) | inviteMac 32 if hasInvite | signature 64</code>
/// with
/// <code>
/// transcript = SHA-256(own hello body) 32 | SHA-256(their hello body) 32 | channel binding 32 | own role u8
/// inviteMac  = HMAC-SHA256(token, "meshnode invite v1\0" ‖ transcript)
/// signature  over "meshnode hello v1\0" ‖ transcript ‖ hasInvite ‖ inviteMac
/// </code>
/// Each hello holds a fresh nonce, so both sides sign both nonces.
/// </summary>
internal readonly ref struct HelloProof
{
    /// <summary>Bytes of what both sides derive: two hashes, the channel binding and the role.</summary>
    public const int TranscriptLength = 32 + 32 + ChannelBinding.Length + 1;

    private HelloProof(ReadOnlySpan<byte> invite, ReadOnlySpan<byte> signature)
    {
        Invite = invite;
        Signature = signature;
    }

    /// <summary>hasInvite and inviteMac, as they are signed.</summary>
    public ReadOnlySpan<byte> Invite { get; }

    /// <summary>Empty, or 32 bytes.</summary>
    public ReadOnlySpan<byte> InviteMac => Invite[1..];

    public ReadOnlySpan<byte> Signature { get; }

    public static bool TryParse(ReadOnlySpan<byte> body, out HelloProof proof)
    {
        var withInvite = body.Length == 1 + InviteToken.MacLength + P256.SignatureLength && body[0] == 1;
        var without = body.Length == 1 + P256.SignatureLength && body[0] == 0;
        proof = withInvite || without ? new HelloProof(body[..^P256.SignatureLength], body[^P256.SignatureLength..]) : default;
        return withInvite || without;
    }

    public static byte[] Create(NodeIdentity identity, ReadOnlySpan<byte> transcript, InviteToken? invite)
    {
        byte[] inviteBytes = invite is null ? [0] : [1, .. invite.Prove(transcript)];
        var signature = identity.Sign(SignatureContext.Hello, [.. transcript, .. inviteBytes]);
        return [.. inviteBytes, .. signature];
    }

    public bool Verify(KeyBundle maker, ReadOnlySpan<byte> transcript) =>
        maker.Verify() && P256.Verify(maker.SigningKey, [.. SignatureContext.Hello, .. transcript, .. Invite], Signature);
}

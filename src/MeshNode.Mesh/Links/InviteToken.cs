using System.Security.Cryptography;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Links;

/// <summary>
/// A secret that admits whoever knows it. Proven by an HMAC over the handshake, never sent. Whoever hears the handshake can
/// try tokens against that HMAC, so a token must not be guessable: 16 characters or more, and better a made one (160 bits).
/// </summary>
public sealed class InviteToken
{
    /// <summary>Bytes of a proof.</summary>
    public const int MacLength = 32;

    public const int MinLength = 16;

    private readonly byte[] _key;

    private InviteToken(string text) => _key = Encoding.UTF8.GetBytes(text);

    /// <summary>32 base32 characters of 160 random bits.</summary>
    public static string CreateText(RandomSource secure)
    {
        Span<byte> bytes = stackalloc byte[20];
        secure.Fill(bytes);
        return Base32.Encode(bytes);
    }

    /// <exception cref="ArgumentException">It is shorter than <see cref="MinLength"/>.</exception>
    public static InviteToken Parse(string text)
    {
        text = text.Trim();
        return text.Length >= MinLength
            ? new InviteToken(text)
            : throw new ArgumentException($"An invite token has at least {MinLength} characters; this one has {text.Length}.");
    }

    internal byte[] Prove(ReadOnlySpan<byte> transcript)
    {
        byte[] message = [.. SignatureContext.Invite, .. transcript];
        return HMACSHA256.HashData(_key, message);
    }

    internal bool Verify(ReadOnlySpan<byte> transcript, ReadOnlySpan<byte> mac) => CryptographicOperations.FixedTimeEquals(Prove(transcript), mac);
}

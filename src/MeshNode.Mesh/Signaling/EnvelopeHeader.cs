using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// The part of an envelope that nobody may change on the way: it is the seal's additional data and is signed.
/// Every version of the protocol begins with it, so that an unknown version can be answered with <c>unsupported</c>:
/// <code>version u8 | suite u8 | from 32 | to 32 | messageId 16</code>
/// </summary>
public readonly record struct EnvelopeHeader(byte Version, CipherSuite Suite, PeerId From, PeerId To, MessageId MessageId)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 2 + PeerId.Length + PeerId.Length + MessageId.Length;

    /// <summary>The version that we speak.</summary>
    public const byte CurrentVersion = 1;

    public bool IsSupported => Version == CurrentVersion && Suite == CipherSuite.HpkeP256Aes128Gcm;

    /// <summary>Reads the first <see cref="Length"/> bytes, of whatever version; false when there are fewer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out EnvelopeHeader header)
    {
        header = default;
        if (source.Length < Length)
        {
            return false;
        }

        var reader = new WireReader(source);
        header = new EnvelopeHeader(
            reader.ReadByte(),
            (CipherSuite)reader.ReadByte(),
            new PeerId(reader.ReadBytes(PeerId.Length)),
            new PeerId(reader.ReadBytes(PeerId.Length)),
            new MessageId(reader.ReadBytes(MessageId.Length)));
        return true;
    }

    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public void WriteTo(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        writer.WriteByte(Version);
        writer.WriteByte((byte)Suite);
        From.WriteTo(writer.Take(PeerId.Length));
        To.WriteTo(writer.Take(PeerId.Length));
        MessageId.WriteTo(writer.Take(MessageId.Length));
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Links;

/// <summary>
/// How each side of a link begins. Body layout (big-endian):
/// <code>bundleLength u16 | bundle | nonce 32 | bootNonce 16 | flags u8 | agentLength u8 | agent utf-8</code>
/// </summary>
public sealed record Hello(KeyBundle Bundle, ReadOnlyMemory<byte> Nonce, BootNonce BootNonce, PeerFlags Flags, string Agent)
{
    public const int NonceLength = 32;

    /// <summary>Bytes of the agent's name and version, at most.</summary>
    public const int MaxAgentLength = 64;

    private const int FixedLength = 2 + NonceLength + Identity.BootNonce.Length + 1 + 1;

    /// <summary>False when the layout is wrong, a key is no point of the curve, or the agent is not printable text. Signatures are not checked.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Hello? hello)
    {
        hello = null;
        var reader = new WireReader(body);
        var bundleBytes = reader.ReadBytes16();
        var nonce = reader.ReadBytes(NonceLength);
        var bootNonce = reader.ReadBytes(Identity.BootNonce.Length);
        var flags = (PeerFlags)reader.ReadByte();
        var agentBytes = reader.ReadBytes8();
        if (!reader.IsComplete
            || agentBytes.Length > MaxAgentLength
            || !WireText.TryRead(agentBytes, out var agent)
            || !KeyBundle.TryParse(bundleBytes, out var bundle))
        {
            return false;
        }

        hello = new Hello(bundle, nonce.ToArray(), new BootNonce(bootNonce), flags, agent);
        return true;
    }

    public byte[] ToByteArray()
    {
        var agent = Encoding.UTF8.GetBytes(Agent);
        var body = new byte[FixedLength + Bundle.Bytes.Length + agent.Length];
        var writer = new WireWriter(body);
        writer.WriteBytes16(Bundle.Bytes.Span);
        writer.WriteBytes(Nonce.Span);
        BootNonce.WriteTo(writer.Take(Identity.BootNonce.Length));
        writer.WriteByte((byte)Flags);
        writer.WriteBytes8(agent);
        return body;
    }
}

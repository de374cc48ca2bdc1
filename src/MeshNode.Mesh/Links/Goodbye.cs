using System.Text;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Links;

/// <summary>The body of a goodbye frame: <c>reason u8 | text utf-8</c>.</summary>
public readonly record struct Goodbye(GoodbyeReason Reason, string Text)
{
    /// <summary>Bytes of text, at most; more are cut.</summary>
    public const int MaxTextLength = 256;

    /// <summary>False only for an empty body. Text that could steer a terminal is defused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out Goodbye goodbye)
    {
        goodbye = body.IsEmpty ? default : new Goodbye((GoodbyeReason)body[0], WireText.Sanitize(body[1..], MaxTextLength));
        return !body.IsEmpty;
    }

    public byte[] ToByteArray() => [(byte)Reason, .. Encoding.UTF8.GetBytes(Text)];
}

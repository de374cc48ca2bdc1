namespace MeshNode.Mesh.Identity;

/// <summary>
/// What a signature starts with: an ASCII name and a zero byte, which no name contains, so that no signed structure
/// can pass for another one.
/// </summary>
internal static class SignatureContext
{
    public static ReadOnlySpan<byte> KeyBundle => "meshnode key bundle v1\0"u8;

    public static ReadOnlySpan<byte> Advert => "meshnode advert v1\0"u8;

    public static ReadOnlySpan<byte> Hello => "meshnode hello v1\0"u8;

    public static ReadOnlySpan<byte> Invite => "meshnode invite v1\0"u8;

    public static ReadOnlySpan<byte> Envelope => "meshnode envelope v1\0"u8;
}

using System.Security.Cryptography;

namespace MeshNode.Rtc.Sockets;

/// <summary>The operating system's cryptographic chance, for credentials, tags and cookies. Safe for several threads.</summary>
public sealed class SecureRandomSource : RandomSource
{
    public override void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

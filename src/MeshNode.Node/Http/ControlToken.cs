using System.Security.Cryptography;
using System.Text;
using MeshNode.Mesh.Identity;

namespace MeshNode.Node.Http;

/// <summary>
/// The secret that controls a node, in a file of its data directory that only its owner can read: whoever can read that
/// file could read the keys beside it too. Kept in memory as its SHA-256, which is what gets compared.
/// </summary>
internal sealed class ControlToken
{
    private const int SecretBytes = 32;
    private readonly byte[] _hash;

    public ControlToken(string text) => _hash = Hash(text);

    /// <summary>Reads the token, or makes one of 256 random bits on the first run.</summary>
    /// <exception cref="IdentityException">The file cannot be used, for one because others can read it.</exception>
    public static ControlToken OpenOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            OwnerOnlyFile.Write(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));
        }

        var text = OwnerOnlyFile.ReadText(path).Trim();
        return text.Length >= SecretBytes
            ? new ControlToken(text)
            : throw new IdentityException($"{path} holds no token of {SecretBytes} characters or more; delete it, and the node makes a new one");
    }

    /// <summary>Compares in a time that tells nothing of where the two differ.</summary>
    public bool Matches(ReadOnlySpan<char> text) => CryptographicOperations.FixedTimeEquals(_hash, Hash(text));

    private static byte[] Hash(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return SHA256.HashData(bytes);
    }
}

using System.Security.Cryptography;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests;

/// <summary>Identities whose keys follow from a name, so that golden bytes can be opened again.</summary>
internal static class TestIdentity
{
    public static NodeIdentity Create(string name, uint bootCounter = 1, bool browser = false)
    {
        var root = SigningKey(name + " root");
        var signingKey = browser ? root : SigningKey(name + " signing");
        var kemKey = HpkeKem.DeriveKeyPair(SHA256.HashData(Encoding.UTF8.GetBytes(name + " kem")));
        var bundle = KeyBundle.Create(root, P256.ExportPoint(signingKey), P256.ExportPoint(kemKey), sequence: 1);
        var bootNonce = BootNonce.Create(new SeededRandomSource((ulong)name.Sum(character => character) + bootCounter));
        return new NodeIdentity(signingKey, kemKey, bundle, bootCounter, bootNonce, directoryLock: null);
    }

    public static ECDsa SigningKey(string name)
    {
        using var pair = HpkeKem.DeriveKeyPair(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return ECDsa.Create(pair.ExportParameters(includePrivateParameters: true));
    }
}

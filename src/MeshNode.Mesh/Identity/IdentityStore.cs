using System.Globalization;
using System.Security.Cryptography;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// The identity in a data directory, which it locks for the life of the process:
/// <code>
/// root.key signing.key kem.key   PKCS#8 PEM
/// bundle                         the key bundle, signed by the root key
/// boot-counter                   decimal, one more at each start
/// lock pid                       who has the directory
/// </code>
/// <c>root.key</c> is written last on the first run: where it is, everything is.
/// </summary>
public static class IdentityStore
{
    /// <summary>Opens the identity, or makes one on the first run. Counts the boot.</summary>
    /// <param name="directory">Made with mode 0700 if it is not there.</param>
    /// <param name="secure">Cryptographically secure; the boot nonce comes from it.</param>
    /// <exception cref="IdentityException">One clear line: locked, too widely readable, unreadable, damaged.</exception>
    public static NodeIdentity OpenOrCreate(string directory, RandomSource secure)
    {
        directory = Path.GetFullPath(directory);
        OwnerOnlyFile.EnsureDirectory(directory);
        var directoryLock = DirectoryLock.Acquire(directory);
        try
        {
            if (!File.Exists(RootKeyPath(directory)))
            {
                Create(directory);
            }

            return Open(directory, secure, directoryLock);
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    private static void Create(string directory)
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var kemKey = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var bundle = KeyBundle.Create(root, P256.ExportPoint(signingKey), P256.ExportPoint(kemKey), sequence: 1);
        OwnerOnlyFile.Write(SigningKeyPath(directory), signingKey.ExportPkcs8PrivateKeyPem());
        OwnerOnlyFile.Write(KemKeyPath(directory), kemKey.ExportPkcs8PrivateKeyPem());
        OwnerOnlyFile.Write(BundlePath(directory), bundle.Bytes.Span);
        OwnerOnlyFile.Write(BootCounterPath(directory), "0");
        OwnerOnlyFile.Write(RootKeyPath(directory), root.ExportPkcs8PrivateKeyPem());
    }

    private static NodeIdentity Open(string directory, RandomSource secure, DirectoryLock directoryLock)
    {
        var bundle = ReadBundle(directory);
        using (var root = ReadKey(RootKeyPath(directory), ECDsa.Create))
        {
            CheckBelongs(RootKeyPath(directory), root, bundle.RootKey);
        }

        var signingKey = ReadKey(SigningKeyPath(directory), ECDsa.Create);
        var kemKey = ReadKey(KemKeyPath(directory), ECDiffieHellman.Create);
        try
        {
            CheckBelongs(SigningKeyPath(directory), signingKey, bundle.SigningKey);
            CheckBelongs(KemKeyPath(directory), kemKey, bundle.KemKey);
            var bootCounter = CountBoot(BootCounterPath(directory));
            return new NodeIdentity(signingKey, kemKey, bundle, bootCounter, BootNonce.Create(secure), directoryLock);
        }
        catch
        {
            signingKey.Dispose();
            kemKey.Dispose();
            throw;
        }
    }

    private static KeyBundle ReadBundle(string directory)
    {
        var path = BundlePath(directory);
        return KeyBundle.TryParse(OwnerOnlyFile.Read(path), out var bundle) && bundle.Verify()
            ? bundle
            : throw new IdentityException($"{path} is damaged: it is no key bundle that is signed by its root key; restore it from a backup");
    }

    private static TKey ReadKey<TKey>(string path, Func<TKey> create)
        where TKey : ECAlgorithm
    {
        var pem = OwnerOnlyFile.ReadText(path);
        var key = create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new IdentityException($"{path} is damaged: it is no PKCS#8 key in PEM; restore it from a backup", error);
        }
    }

    private static void CheckBelongs(string path, ECAlgorithm key, ReadOnlySpan<byte> expected)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (parameters.Q.X is not { Length: 32 } || !P256.ExportPoint(key).AsSpan().SequenceEqual(expected))
        {
            throw new IdentityException($"{path} does not belong to the key bundle beside it; restore both from the same backup");
        }
    }

    // The counter must never go back: what peers remember of us would then refuse everything we say.
    private static uint CountBoot(string path)
    {
        if (!File.Exists(path))
        {
            throw new IdentityException($"{path} is missing although the keys are there; restore it, or write a number into it that is higher than any before (mode 0600)");
        }

        if (!uint.TryParse(OwnerOnlyFile.ReadText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last == uint.MaxValue)
        {
            throw new IdentityException($"{path} is damaged: it holds no number below {uint.MaxValue}; write a number into it that is higher than any before");
        }

        OwnerOnlyFile.Write(path, (last + 1).ToString(CultureInfo.InvariantCulture));
        return last + 1;
    }

    private static string RootKeyPath(string directory) => Path.Combine(directory, "root.key");

    private static string SigningKeyPath(string directory) => Path.Combine(directory, "signing.key");

    private static string KemKeyPath(string directory) => Path.Combine(directory, "kem.key");

    private static string BundlePath(string directory) => Path.Combine(directory, "bundle");

    private static string BootCounterPath(string directory) => Path.Combine(directory, "boot-counter");
}

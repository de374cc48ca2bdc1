using System.Security.Cryptography;
using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Tests.Identity;

public sealed class KeyBundleTests
{
    [Fact]
    public void Bundle_round_trips_and_verifies()
    {
        using var root = TestIdentity.SigningKey("root");
        using var signing = TestIdentity.SigningKey("signing");
        using var kem = TestIdentity.SigningKey("kem");
        var bundle = KeyBundle.Create(root, P256.ExportPoint(signing), P256.ExportPoint(kem), sequence: 7, notAfter: 8);

        Assert.True(KeyBundle.TryParse(bundle.Bytes.Span, out var parsed));
        Assert.True(parsed.Verify());
        Assert.Equal(PeerId.FromRootKey(P256.ExportPoint(root)), parsed.Id);
        Assert.Equal(P256.ExportPoint(signing), parsed.SigningKey.ToArray());
        Assert.Equal(P256.ExportPoint(kem), parsed.KemKey.ToArray());
        Assert.Equal(7ul, parsed.Sequence);
        Assert.Equal(8ul, parsed.NotAfter);
        Assert.True(parsed.Supports(CipherSuite.HpkeP256Aes128Gcm));
        Assert.False(parsed.Supports((CipherSuite)2));
    }

    [Fact]
    public void Rotation_keeps_the_id()
    {
        using var root = TestIdentity.SigningKey("root");
        using var first = TestIdentity.SigningKey("first");
        using var second = TestIdentity.SigningKey("second");
        var before = KeyBundle.Create(root, P256.ExportPoint(first), P256.ExportPoint(first), sequence: 1);
        var after = KeyBundle.Create(root, P256.ExportPoint(second), P256.ExportPoint(second), sequence: 2);

        Assert.Equal(before.Id, after.Id);
        Assert.False(before.SigningKey.SequenceEqual(after.SigningKey));
    }

    [Fact]
    public void Bundle_with_any_bit_flipped_is_refused()
    {
        using var identity = TestIdentity.Create("a");
        var bytes = identity.Bundle.Bytes.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(KeyBundle.TryParse(bytes, out var bundle) && bundle.Verify(), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Bundle_signed_by_another_root_is_refused()
    {
        using var root = TestIdentity.SigningKey("root");
        using var other = TestIdentity.SigningKey("other");
        var bytes = KeyBundle.Create(root, P256.ExportPoint(root), P256.ExportPoint(other), sequence: 1).Bytes.ToArray();
        byte[] signed = [.. "meshnode key bundle v1\0"u8, .. bytes.AsSpan(0, bytes.Length - 64)];
        P256.Sign(other, signed).CopyTo(bytes, bytes.Length - 64);

        Assert.True(KeyBundle.TryParse(bytes, out var bundle));
        Assert.False(bundle.Verify());
    }

    [Fact]
    public void Signature_of_another_structure_is_none()
    {
        using var root = TestIdentity.SigningKey("root");
        using var other = TestIdentity.SigningKey("other");
        var bytes = KeyBundle.Create(root, P256.ExportPoint(root), P256.ExportPoint(other), sequence: 1).Bytes.ToArray();
        byte[] signed = [.. "meshnode advert v1\0"u8, .. bytes.AsSpan(0, bytes.Length - 64)];
        P256.Sign(root, signed).CopyTo(bytes, bytes.Length - 64);

        Assert.True(KeyBundle.TryParse(bytes, out var bundle));
        Assert.False(bundle.Verify());
    }

    [Fact]
    public void Key_that_is_no_point_is_the_callers_mistake()
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Throws<ArgumentException>(() => KeyBundle.Create(root, new byte[65], P256.ExportPoint(root), sequence: 1));
    }
}

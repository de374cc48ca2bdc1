using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Tests.Identity;

public sealed class P256Tests
{
    private static readonly BigInteger Prime = BigInteger.Parse("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [Fact]
    public void Generated_keys_are_points()
    {
        for (var count = 0; count < 50; count++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Assert.True(P256.IsPoint(P256.ExportPoint(key)));
        }
    }

    [Fact]
    public void Point_with_any_bit_flipped_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = P256.ExportPoint(key);
        for (var bit = 0; bit < point.Length * 8; bit++)
        {
            point[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(P256.IsPoint(point), $"bit {bit}");
            point[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Coordinate_that_is_not_reduced_is_refused()
    {
        // x + p is the same field element as x, but another encoding; it fits into 32 bytes only for small x, of which 5 is one.
        var y = BigInteger.ModPow(((5 * 5 * 5) - 15 + B) % Prime, (Prime + 1) / 4, Prime);
        Assert.True(P256.IsPoint(Encode(5, y)));
        Assert.False(P256.IsPoint(Encode(5 + Prime, y)));
    }

    [Fact]
    public void Infinity_compressed_points_and_wrong_lengths_are_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = P256.ExportPoint(key);

        Assert.False(P256.IsPoint(new byte[65]));
        Assert.False(P256.IsPoint([4, .. new byte[64]]));
        Assert.False(P256.IsPoint([0]));
        Assert.False(P256.IsPoint([2, .. point.AsSpan(1, 32)]));
        Assert.False(P256.IsPoint(point.AsSpan(0, 64)));
        Assert.False(P256.IsPoint([.. point, 0]));
        Assert.False(P256.IsPoint(default));
    }

    [Fact]
    public void Scalars_are_between_one_and_the_order()
    {
        var order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        var below = order.ToArray();
        below[31]--;

        Assert.False(P256.IsScalar(new byte[32]));
        Assert.False(P256.IsScalar(order));
        Assert.True(P256.IsScalar(below));
        Assert.False(P256.IsScalar(below.AsSpan(1)));
    }

    [Fact]
    public void Signature_verifies_and_any_other_bytes_do_not_throw()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = P256.ExportPoint(key);
        var signature = P256.Sign(key, "message"u8);

        Assert.True(P256.Verify(point, "message"u8, signature));
        Assert.False(P256.Verify(point, "massage"u8, signature));
        Assert.False(P256.Verify(point, "message"u8, new byte[64]));
        Assert.False(P256.Verify(point, "message"u8, Enumerable.Repeat((byte)0xff, 64).ToArray()));
        Assert.False(P256.Verify(point, "message"u8, signature.AsSpan(1)));
        Assert.False(P256.Verify(point, "message"u8, default));
    }

    private static BigInteger B => BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static byte[] Encode(BigInteger x, BigInteger y)
    {
        var point = new byte[65];
        point[0] = 4;
        var xBytes = x.ToByteArray(isUnsigned: true, isBigEndian: true);
        var yBytes = y.ToByteArray(isUnsigned: true, isBigEndian: true);
        xBytes.CopyTo(point, 33 - xBytes.Length);
        yBytes.CopyTo(point, 65 - yBytes.Length);
        return point;
    }
}

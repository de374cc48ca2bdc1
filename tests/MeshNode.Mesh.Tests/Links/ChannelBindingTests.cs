using System.Security.Cryptography;
using MeshNode.Mesh.Links;

namespace MeshNode.Mesh.Tests.Links;

public sealed class ChannelBindingTests
{
    private static readonly byte[] Low = SHA256.HashData("a"u8);
    private static readonly byte[] High = SHA256.HashData("b"u8);

    [Fact]
    public void Both_sides_bind_to_the_same_bytes_whichever_certificate_is_theirs()
    {
        Assert.Equal(ChannelBinding.FromFingerprints(Low, High), ChannelBinding.FromFingerprints(High, Low));
        Assert.NotEqual(ChannelBinding.FromFingerprints(Low, High), ChannelBinding.FromFingerprints(Low, Low));

        var (first, second) = Low.AsSpan().SequenceCompareTo(High) < 0 ? (Low, High) : (High, Low);
        Assert.Equal(SHA256.HashData([.. first, .. second]), Bytes(ChannelBinding.FromFingerprints(Low, High)));
    }

    [Fact]
    public void WebSocket_binds_to_zeros() => Assert.Equal(new byte[32], Bytes(ChannelBinding.WebSocket));

    [Fact]
    public void Fingerprint_of_another_hash_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => ChannelBinding.FromFingerprints(Low, new byte[20]));

    private static byte[] Bytes(ChannelBinding binding)
    {
        var bytes = new byte[ChannelBinding.Length];
        binding.WriteTo(bytes);
        return bytes;
    }
}

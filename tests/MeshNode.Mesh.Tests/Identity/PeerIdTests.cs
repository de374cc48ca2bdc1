using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Identity;

public sealed class PeerIdTests
{
    private static PeerId Random(ulong seed)
    {
        var bytes = new byte[PeerId.Length];
        new SeededRandomSource(seed).Fill(bytes);
        return new PeerId(bytes);
    }

    [Fact]
    public void Id_is_the_hash_of_the_root_key()
    {
        using var identity = TestIdentity.Create("a");

        Assert.Equal(new PeerId(System.Security.Cryptography.SHA256.HashData(identity.Bundle.RootKey)), identity.Id);
    }

    [Fact]
    public void Text_round_trips_in_either_case()
    {
        var id = Random(1);
        var text = id.ToString();

        Assert.Equal(PeerId.TextLength, text.Length);
        Assert.True(PeerId.TryParse(text, out var parsed));
        Assert.Equal(id, parsed);
        Assert.True(PeerId.TryParse(text.ToUpperInvariant(), out parsed));
        Assert.Equal(id, parsed);
    }

    [Fact]
    public void One_id_has_one_text()
    {
        var text = new PeerId(new byte[32]).ToString();

        Assert.False(PeerId.TryParse(text[..^1] + "b", out _)); // a set pad bit
        Assert.False(PeerId.TryParse(text + "a", out _));
        Assert.False(PeerId.TryParse("", out _));
    }

    [Fact]
    public void Ids_are_ordered_as_their_bytes_are()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var left = Random(seed);
            var right = Random(seed + 1000);
            var byBytes = left.ToByteArray().AsSpan().SequenceCompareTo(right.ToByteArray());

            Assert.Equal(Math.Sign(byBytes), Math.Sign(left.CompareTo(right)));
            Assert.Equal(byBytes < 0, left < right);
        }
    }
}

using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Identity;

public sealed class Base32Tests
{
    [Theory] // RFC 4648 §10, in lower case and without padding
    [InlineData("", "")]
    [InlineData("f", "my")]
    [InlineData("fo", "mzxq")]
    [InlineData("foo", "mzxw6")]
    [InlineData("foob", "mzxw6yq")]
    [InlineData("fooba", "mzxw6ytb")]
    [InlineData("foobar", "mzxw6ytboi")]
    public void Test_vectors_of_RFC_4648_hold(string plain, string encoded)
    {
        var bytes = Encoding.ASCII.GetBytes(plain);
        var decoded = new byte[bytes.Length];

        Assert.Equal(encoded, Base32.Encode(bytes));
        Assert.True(Base32.TryDecode(encoded, decoded));
        Assert.Equal(bytes, decoded);
    }

    [Theory]
    [InlineData("mz")] // pad bits not zero
    [InlineData("m1")]
    [InlineData("m=")]
    [InlineData("mé")]
    [InlineData("m")]
    [InlineData("mya")]
    public void Text_that_is_not_canonical_is_refused(string text)
    {
        Assert.False(Base32.TryDecode(text, new byte[1]));
    }

    [Fact]
    public void Every_length_round_trips()
    {
        var random = new SeededRandomSource(1);
        for (var length = 0; length < 70; length++)
        {
            var bytes = new byte[length];
            random.Fill(bytes);
            var decoded = new byte[length];

            Assert.True(Base32.TryDecode(Base32.Encode(bytes), decoded));
            Assert.Equal(bytes, decoded);
        }
    }
}

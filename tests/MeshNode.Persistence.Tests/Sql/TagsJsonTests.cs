using MeshNode.Persistence.Sql;

namespace MeshNode.Persistence.Tests.Sql;

public sealed class TagsJsonTests
{
    [Fact]
    public void No_tags_are_null()
    {
        Assert.Null(TagsJson.Write([]));
        Assert.Empty(TagsJson.Read(null));
    }

    [Theory]
    [InlineData("red")]
    [InlineData("quo\"ted", "back\\slash", "new\nline")]
    [InlineData("🦊", "日本語", "<&>")]
    public void Tags_come_back_as_they_were(params string[] tags) => Assert.Equal(tags, TagsJson.Read(TagsJson.Write(tags)));
}

namespace MeshNode.Actors.Tests;

public sealed class ActorPathTests : TestKit.TestKit
{
    [Theory]
    [InlineData("akka://sys/user/a/b", "/user/a/b")]
    [InlineData("akka://sys/user/$a", "/user/$a")]
    [InlineData("akka://sys/", "/")]
    [InlineData("akka://sys", "/")]
    public void Path_is_parsed_from_its_text(string text, string elements)
    {
        var path = ActorPath.Parse(text);
        Assert.Equal(elements, path.ToStringWithoutAddress());
        Assert.Equal(text.TrimEnd('/'), path.ToString().TrimEnd('/'));
        Assert.Equal(elements, ActorPath.FormatPathElements(path.Elements));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/user/a")]
    [InlineData("http://sys/user/a")]
    [InlineData("akka:///user")]
    [InlineData("akka://sys//a")]
    [InlineData("akka://sys/user/")]
    [InlineData("akka://sys/us er")]
    [InlineData("akka://sys/user/a#x")]
    [InlineData("akka://sys/user/a#-1")]
    public void What_is_no_path_is_refused(string? text)
    {
        Assert.False(ActorPath.TryParse(text, out var path));
        Assert.Null(path);
        Assert.Throws<UriFormatException>(() => ActorPath.Parse(text!));
    }

    [Fact]
    public void Paths_of_one_place_are_equal_whatever_the_incarnation()
    {
        var actor = ActorOf(Recorder.Props(ActorRefs.Nobody), "a");
        var parsed = ActorPath.Parse(actor.Path.ToStringWithUid());
        Assert.Equal(actor.Path, parsed);
        Assert.Equal(actor.Path.Uid, parsed.Uid);
        Assert.Equal(actor.Path, ActorPath.Parse("akka://test/user/a"));
        Assert.NotEqual(actor.Path, ActorPath.Parse("akka://other/user/a"));
        Assert.Equal(actor.Path, ActorPath.Parse("akka://test") / "user" / "a");
        Assert.Equal(actor.Path.GetHashCode(), (ActorPath.Parse("akka://test") / ["user", "a"]).GetHashCode());
        Assert.Equal(7, actor.Path.WithUid(7).Uid);
    }

    [Fact]
    public void Path_knows_who_is_above()
    {
        var path = ActorPath.Parse("akka://sys/user/a/b");
        Assert.Equal(3, path.Depth);
        Assert.Equal("/user", path.ParentOf(1).ToStringWithoutAddress());
        Assert.Equal("/user/a", path.ParentOf(-1).ToStringWithoutAddress());
        Assert.Equal("/", path.ParentOf(0).ToStringWithoutAddress());
        Assert.Equal(path, path.ParentOf(3));
    }

    [Fact]
    public void References_are_ordered_by_path_and_incarnation()
    {
        IComparable a = ActorOf(Recorder.Props(ActorRefs.Nobody), "a");
        var b = ActorOf(Recorder.Props(ActorRefs.Nobody), "b");
        Assert.True(a.CompareTo(b) < 0);
        Assert.True(a.CompareTo(null) > 0);
        Assert.Throws<ArgumentException>(() => a.CompareTo("text"));
        Assert.Same(b, b.GetOrElse(() => TestActor));
        Assert.Same(TestActor, ActorRefs.Nobody.GetOrElse(() => TestActor));
    }
}

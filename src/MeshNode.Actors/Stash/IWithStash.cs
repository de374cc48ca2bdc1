namespace MeshNode.Actors;

/// <summary>An actor that has a stash; set before <c>PreStart</c>.</summary>
public interface IWithStash
{
    IStash Stash { get; set; }
}

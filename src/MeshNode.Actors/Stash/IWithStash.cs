namespace MeshNode.Actors;

/// <summary>
/// An actor that has a stash; set before <c>PreStart</c>. It takes as many messages as <see cref="Props.WithStashCapacity"/>
/// or <see cref="ActorSystemSetup.StashCapacity"/> says, any number when neither does.
/// </summary>
public interface IWithStash : IActorStash;

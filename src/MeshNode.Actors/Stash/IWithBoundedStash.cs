namespace MeshNode.Actors;

/// <summary>An actor whose stash has a limit even if nobody set one: <see cref="DefaultCapacity"/>.</summary>
public interface IWithBoundedStash : IWithStash
{
    /// <summary>As Akka.NET's bounded mailboxes have.</summary>
    const int DefaultCapacity = 1000;
}

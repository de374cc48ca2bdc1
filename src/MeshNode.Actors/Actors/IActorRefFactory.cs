namespace MeshNode.Actors;

public interface IActorRefFactory
{
    /// <summary>Creates a child; its constructor runs later, on its own dispatcher.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Unique among the siblings; null for a name of the kernel's choice.</param>
    /// <exception cref="InvalidActorNameException">The name is malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is stopping.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Actors by path: absolute (<c>/user/a</c>) or relative to here (<c>../b</c>), with <c>*</c> and <c>?</c>.</summary>
    ActorSelection ActorSelection(string path);

    ActorSelection ActorSelection(ActorPath path);
}

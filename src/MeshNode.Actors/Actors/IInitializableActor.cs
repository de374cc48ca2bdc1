namespace MeshNode.Actors;

/// <summary>Wants to know that its constructor has ended.</summary>
internal interface IInitializableActor
{
    void Init();
}

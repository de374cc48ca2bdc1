namespace MeshNode.Actors;

/// <summary>Base of what a library wants to be told when a system is created; handed over by <see cref="ActorSystemSetup.And{T}"/>.</summary>
public abstract class Setup
{
    /// <summary>Both, as a system's setup.</summary>
    public ActorSystemSetup And<T>(T setup)
        where T : Setup => ActorSystemSetup.Create(this, setup);
}

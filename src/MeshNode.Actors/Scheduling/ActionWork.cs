namespace MeshNode.Actors;

internal sealed class ActionWork(Action action) : ScheduledWork
{
    public override void Run() => action();
}

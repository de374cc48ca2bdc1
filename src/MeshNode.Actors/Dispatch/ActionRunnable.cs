namespace MeshNode.Actors;

internal sealed class ActionRunnable(Action action) : IRunnable, IThreadPoolWorkItem
{
    public void Run() => action();

    public void Execute() => action();
}

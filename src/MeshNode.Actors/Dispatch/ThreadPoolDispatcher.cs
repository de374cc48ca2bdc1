namespace MeshNode.Actors;

/// <summary>Runs actors on .NET's thread pool.</summary>
internal sealed class ThreadPoolDispatcher(string id) : MessageDispatcher(id)
{
    protected override void ExecuteTask(IRunnable run) =>
        ThreadPool.UnsafeQueueUserWorkItem(run as IThreadPoolWorkItem ?? new ActionRunnable(run.Run), preferLocal: false);
}

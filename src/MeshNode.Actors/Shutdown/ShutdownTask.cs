namespace MeshNode.Actors;

/// <summary>What one party wants done in a phase.</summary>
internal readonly record struct ShutdownTask(string Name, Func<Task<Done>> Run)
{
    /// <summary>Calls it outside any actor's context: what follows its awaits must not wait for an actor that stops.</summary>
    public async Task<Done> Start()
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Task<Done> task;
        try
        {
            task = Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        return await task.ConfigureAwait(false);
    }
}

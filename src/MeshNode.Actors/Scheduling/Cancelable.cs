namespace MeshNode.Actors;

/// <summary>Cancels what was scheduled with it, at once.</summary>
public sealed class Cancelable : ICancelable
{
    private readonly Lock _lock = new();
    private List<ScheduledWork>? _work;

    /// <param name="scheduler">Where it will be used; as in Akka.NET.</param>
    public Cancelable(IScheduler scheduler) => ArgumentNullException.ThrowIfNull(scheduler);

    public bool IsCancellationRequested { get; private set; }

    public void Cancel()
    {
        List<ScheduledWork>? work;
        lock (_lock)
        {
            IsCancellationRequested = true;
            (work, _work) = (_work, null);
        }

        work?.ForEach(item => item.Cancel());
    }

    internal void Add(ScheduledWork work)
    {
        lock (_lock)
        {
            if (!IsCancellationRequested)
            {
                (_work ??= []).Add(work);
                return;
            }
        }

        work.Cancel();
    }
}

namespace MeshNode.Actors;

/// <summary>Something due at a time. All but <see cref="Run"/> belongs to the scheduler's lock.</summary>
internal abstract class ScheduledWork : ICancelable
{
    private SchedulerBase? _scheduler;

    /// <summary>100 ns since the scheduler began.</summary>
    public long Due { get; set; }

    /// <summary>100 ns; 0 for once.</summary>
    public long Interval { get; set; }

    /// <summary>Orders what is due at the same time: first scheduled, first run.</summary>
    public long Order { get; set; }

    /// <summary>Place in the heap; -1 when not in it.</summary>
    public int HeapIndex { get; set; } = -1;

    public bool IsPeriodic => Interval > 0;

    public bool IsCancellationRequested { get; private set; }

    public void AttachTo(SchedulerBase scheduler) => _scheduler = scheduler;

    public void Cancel()
    {
        IsCancellationRequested = true;
        _scheduler?.Remove(this);
    }

    public abstract void Run();
}

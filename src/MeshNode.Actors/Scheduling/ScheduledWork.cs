namespace MeshNode.Actors;

/// <summary>Something due at a time. All but <see cref="Run"/> belongs to the scheduler's lock.</summary>
internal abstract class ScheduledWork : ICancelable
{
    public const int Nowhere = -1;

    private SchedulerBase? _scheduler;

    /// <summary>100 ns since the scheduler began.</summary>
    public long Due { get; set; }

    /// <summary>100 ns; 0 for once.</summary>
    public long Interval { get; set; }

    /// <summary>Orders what is due at the same time: first scheduled, first run.</summary>
    public long Order { get; set; }

    /// <summary>Place in the heap (0 or more), <see cref="Nowhere"/>, or a slot of the <see cref="TimingWheel"/>.</summary>
    public int Where { get; set; } = Nowhere;

    /// <summary>Neighbours in a slot, which is a ring.</summary>
    public ScheduledWork? Next { get; set; }

    public ScheduledWork? Previous { get; set; }

    public bool IsPeriodic => Interval > 0;

    public bool IsCancellationRequested { get; private set; }

    public void AttachTo(SchedulerBase scheduler) => _scheduler = scheduler;

    public void Cancel()
    {
        IsCancellationRequested = true;
        _scheduler?.Remove(this);
    }

    public static int InSlot(int slot) => Nowhere - 1 - slot;

    public static int SlotOf(int where) => Nowhere - 1 - where;

    public abstract void Run();
}

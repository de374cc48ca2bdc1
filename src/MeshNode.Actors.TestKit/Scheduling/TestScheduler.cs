namespace MeshNode.Actors.TestKit;

/// <summary>
/// Virtual time: nothing is due until a test moves the clock. <see cref="Advance"/> stops at every due time in order and
/// waits until the actors have settled, so that what they schedule on the way happens in its turn (Akka's jumps over it).
/// </summary>
public sealed class TestScheduler : SchedulerBase
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Action _settle;
    private long _now; // 100 ns since the beginning

    public TestScheduler()
        : this(static () => { })
    {
    }

    /// <param name="settle">Waits until the actors have done what they can without the clock moving.</param>
    public TestScheduler(Action settle)
    {
        ArgumentNullException.ThrowIfNull(settle);
        _settle = settle;
        Clock = new TestClock(this);
    }

    public override DateTimeOffset Now => Start + MonotonicClock;

    public override TimeSpan MonotonicClock => TimeSpan.FromTicks(Volatile.Read(ref _now));

    /// <summary>The same time for code that takes a <see cref="TimeProvider"/>.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Moves the clock, running all that becomes due.</summary>
    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        var target = MonotonicClock + offset;
        _settle();
        while (NextDue is { } due && due <= target)
        {
            if (due > MonotonicClock)
            {
                Volatile.Write(ref _now, due.Ticks);
            }

            RunDue(MonotonicClock);
            _settle();
        }

        Volatile.Write(ref _now, target.Ticks);
    }

    /// <summary>Moves the clock to what is due first and runs it, if that is not after the limit; otherwise leaves it.</summary>
    /// <param name="limit">On <see cref="MonotonicClock"/>.</param>
    /// <returns>Whether something was due.</returns>
    public bool AdvanceToNextDue(TimeSpan limit)
    {
        _settle();
        if (NextDue is not { } due || due > limit)
        {
            return false;
        }

        Advance(due > MonotonicClock ? due - MonotonicClock : TimeSpan.Zero);
        return true;
    }

    /// <summary>Moves the clock to a time that has not passed.</summary>
    public void AdvanceTo(DateTimeOffset when) => Advance(when - Now);

    private protected override void FirstDueChanged()
    {
    }

    /// <summary>On the test's own thread: what fails there fails the test.</summary>
    private protected override void ReportFailure(Exception cause) =>
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
}

namespace MeshNode.Rtc;

/// <summary>
/// A point on a clock that never goes back, in ticks of 100 ns since an origin that only the owner of the clock knows.
/// Every core takes it as an argument; only the edge reads a clock.
/// </summary>
public readonly record struct MonotonicTime(long Ticks) : IComparable<MonotonicTime>
{
    public static MonotonicTime Zero => default;

    public static MonotonicTime FromMilliseconds(double milliseconds) => new((long)(milliseconds * TimeSpan.TicksPerMillisecond));

    public double TotalMilliseconds => Ticks / (double)TimeSpan.TicksPerMillisecond;

    public int CompareTo(MonotonicTime other) => Ticks.CompareTo(other.Ticks);

    /// <summary>The earlier of two deadlines, where null means that nothing is due.</summary>
    public static MonotonicTime? Earliest(MonotonicTime? left, MonotonicTime? right) =>
        left is not { } a ? right : right is not { } b ? left : a.Ticks <= b.Ticks ? a : b;

    public static MonotonicTime operator +(MonotonicTime time, TimeSpan delay) => new(time.Ticks + delay.Ticks);

    public static MonotonicTime operator -(MonotonicTime time, TimeSpan delay) => new(time.Ticks - delay.Ticks);

    public static TimeSpan operator -(MonotonicTime later, MonotonicTime earlier) => new(later.Ticks - earlier.Ticks);

    public static bool operator <(MonotonicTime left, MonotonicTime right) => left.Ticks < right.Ticks;

    public static bool operator >(MonotonicTime left, MonotonicTime right) => left.Ticks > right.Ticks;

    public static bool operator <=(MonotonicTime left, MonotonicTime right) => left.Ticks <= right.Ticks;

    public static bool operator >=(MonotonicTime left, MonotonicTime right) => left.Ticks >= right.Ticks;

    public override string ToString() => $"{TotalMilliseconds:0.###} ms";
}

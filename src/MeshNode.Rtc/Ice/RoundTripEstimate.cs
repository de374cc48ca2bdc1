namespace MeshNode.Rtc.Ice;

/// <summary>A smoothed round-trip time: 7/8 old, 1/8 new, as RFC 6298 smooths.</summary>
internal sealed class RoundTripEstimate
{
    public TimeSpan? Value { get; private set; }

    public void Add(TimeSpan sample) => Value = Value is { } old ? ((7 * old) + sample) / 8 : sample;

    public void Reset() => Value = null;
}

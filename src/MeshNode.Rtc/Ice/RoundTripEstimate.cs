namespace MeshNode.Rtc.Ice;

/// <summary>
/// A smoothed round-trip time. Of the first samples the smallest counts: during set-up an answer waits behind the far side's
/// handshake, and delay is only ever added. After them 7/8 old, 1/8 new, as RFC 6298 smooths.
/// </summary>
internal sealed class RoundTripEstimate
{
    private const int SetupSamples = 4; // about the first 15 s of consent checks

    private int _samples;

    public TimeSpan? Value { get; private set; }

    public void Add(TimeSpan sample)
    {
        Value = Value is not { } old ? sample
            : _samples < SetupSamples ? (sample < old ? sample : old)
            : ((7 * old) + sample) / 8;
        _samples++;
    }

    public void Reset()
    {
        Value = null;
        _samples = 0;
    }
}

namespace MeshNode.Hocon;

/// <summary>Durations as HOCON writes them: a number and a unit, <c>10s</c>, <c>1.5 hours</c>, <c>500ms</c>.</summary>
public static class HoconDuration
{
    /// <summary>What a message tells whoever wrote something else.</summary>
    public const string Expected = "a duration such as 10s, 500ms, 5m or 1h";

    /// <summary>
    /// Not negative, at most 1,000 days; finer than 100 ns is rounded. A number without a unit is in milliseconds
    /// (HOCON specification, "Duration format").
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        if (!NumberWithUnit.TryParse(text, out var number, out var unit) || TicksPerUnit(unit) is not { } ticks)
        {
            return false;
        }

        var total = Math.Round(number * ticks);
        if (total < 0 || total > 1000 * (double)TimeSpan.TicksPerDay)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)total);
        return true;
    }

    private static double? TicksPerUnit(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };
}

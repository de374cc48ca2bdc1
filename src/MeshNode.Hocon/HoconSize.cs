namespace MeshNode.Hocon;

/// <summary>Sizes in bytes as HOCON writes them: <c>64KiB</c>, <c>10 MB</c>, <c>512</c>.</summary>
public static class HoconSize
{
    /// <summary>What a message tells whoever wrote something else.</summary>
    public const string Expected = "a size such as 64KiB, 16MiB or 512 (bytes)";

    /// <summary>
    /// Not negative. <c>kB</c>, <c>MB</c>, <c>GB</c>, <c>TB</c> are powers of 1,000; <c>K</c>, <c>KiB</c> and their
    /// like powers of 1,024 (HOCON specification, "Size in bytes format").
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        if (!NumberWithUnit.TryParse(text, out var number, out var unit) || BytesPerUnit(unit) is not { } factor)
        {
            return false;
        }

        var total = Math.Round(number * factor);
        if (total < 0 || total > 1L << 52) // the double is exact up to here
        {
            return false;
        }

        bytes = (long)total;
        return true;
    }

    private static double? BytesPerUnit(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "B" or "b" or "byte" or "bytes" => 1,
        "kB" or "kilobyte" or "kilobytes" => 1e3,
        "MB" or "megabyte" or "megabytes" => 1e6,
        "GB" or "gigabyte" or "gigabytes" => 1e9,
        "TB" or "terabyte" or "terabytes" => 1e12,
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
        _ => null,
    };
}

using System.Globalization;

namespace MeshNode.Benchmarks.Stacks;

/// <summary>What a process holds, as Linux tells it.</summary>
/// <param name="RssKiB">Resident pages.</param>
/// <param name="PssKiB">The same, with shared pages divided among those who share them.</param>
/// <param name="Descriptors">Open ones.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="Cpu">Processor time so far.</param>
internal sealed record ProcessSample(double RssKiB, double PssKiB, int Descriptors, int Threads, TimeSpan Cpu)
{
    public static ProcessSample Take(int process)
    {
        var folder = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}";
        var memory = File.ReadAllLines($"{folder}/smaps_rollup");
        return new ProcessSample(
            Field(memory, "Rss:"),
            Field(memory, "Pss:"),
            Directory.GetFileSystemEntries($"{folder}/fd").Length,
            Directory.GetDirectories($"{folder}/task").Length,
            TimeSpan.FromSeconds(ReadCpu($"{folder}/stat")));
    }

    private static double Field(string[] lines, string name) =>
        double.Parse(
            Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal))!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);

    /// <summary>utime and stime, fields 14 and 15, in ticks of 1/100 s; the name, field 2, may have spaces.</summary>
    private static double ReadCpu(string file)
    {
        var text = File.ReadAllText(file);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }
}

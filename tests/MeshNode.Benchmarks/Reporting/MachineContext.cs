using System.Runtime.InteropServices;

namespace MeshNode.Benchmarks.Reporting;

/// <summary>What the numbers depend on besides the code.</summary>
/// <param name="Processor">Model, as the system names it.</param>
/// <param name="Cores">Logical ones that this process may use.</param>
/// <param name="MemoryMiB">That this process may use.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Runtime">.NET.</param>
/// <param name="Configuration">Release, or Debug, whose numbers mean nothing.</param>
/// <param name="LoadAverage">Of the last minute at the start; above 0 others were using the machine. Null where the system has none.</param>
internal sealed record MachineContext(
    string Processor,
    int Cores,
    long MemoryMiB,
    string System,
    string Runtime,
    string Configuration,
    double? LoadAverage)
{
    public static MachineContext Read() => new(
        ReadProcessor(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
        RuntimeInformation.FrameworkDescription,
#if DEBUG
        "Debug",
#else
        "Release",
#endif
        ReadLoadAverage());

    public override string ToString() =>
        $"{Processor}, {Cores} cores, {MemoryMiB:N0} MiB; {System}; {Runtime}, {Configuration}; load {LoadAverage?.ToString("0.00", global::System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}";

    private static string ReadProcessor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown processor";
    }

    private static double? ReadLoadAverage()
    {
        const string LoadAverage = "/proc/loadavg";
        return File.Exists(LoadAverage)
            ? double.Parse(File.ReadAllText(LoadAverage).Split(' ')[0], global::System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }
}

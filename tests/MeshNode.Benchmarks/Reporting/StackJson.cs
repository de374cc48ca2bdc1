using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshNode.Benchmarks.Reporting;

/// <summary>
/// <c>{"machine": …, "rows": [{"case", "unit", "stacks": {name: {"median", "lowest", "highest", "rounds", "failures", "failure"}}, "ratios": {name: n}, "goal", "met"}]}</c>.
/// </summary>
internal static partial class StackJson
{
    public static async Task WriteAsync(FileInfo file, MachineContext machine, IReadOnlyList<StackRow> rows, CancellationToken cancellation)
    {
        var stream = file.Create();
        await using (stream.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(stream, new Document(machine, rows), StackContext.Default.Document, cancellation).ConfigureAwait(false);
        }
    }

    internal sealed record Document(MachineContext Machine, IReadOnlyList<StackRow> Rows);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(Document))]
    private sealed partial class StackContext : JsonSerializerContext;
}

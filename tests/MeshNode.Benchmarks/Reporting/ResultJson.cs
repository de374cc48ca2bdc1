using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshNode.Benchmarks.Reporting;

/// <summary><c>{"machine": …, "rows": [{"case", "value", "unit", "against", "ratio", "goal", "holds", "lowest", "highest"}]}</c>.</summary>
internal static partial class ResultJson
{
    public static async Task WriteAsync(FileInfo file, MachineContext machine, IReadOnlyList<ResultRow> rows, CancellationToken cancellation)
    {
        var stream = file.Create();
        await using (stream.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(stream, new Document(machine, rows), Context.Default.Document, cancellation).ConfigureAwait(false);
        }
    }

    internal sealed record Document(MachineContext Machine, IReadOnlyList<ResultRow> Rows);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(Document))]
    private sealed partial class Context : JsonSerializerContext;
}

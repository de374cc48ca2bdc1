using System.Text.Json.Serialization;

namespace MeshNode.Benchmarks.Stdio;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StdioLine))]
internal sealed partial class StdioJson : JsonSerializerContext;

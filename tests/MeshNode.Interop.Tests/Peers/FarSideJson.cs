using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>How verbs and events are written as JSON lines: camelCase, without what is not set.</summary>
internal static class FarSideJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by JSON parsers and people only
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshNode.Persistence.Sql;

/// <summary>An event's tags as they stand in its row: a JSON array of strings; no tags are NULL.</summary>
internal static partial class TagsJson
{
    public static string? Write(IReadOnlyList<string> tags) =>
        tags.Count == 0 ? null : JsonSerializer.Serialize(tags as string[] ?? [.. tags], Context.Default.StringArray);

    public static IReadOnlyList<string> Read(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, Context.Default.StringArray) ?? [];

    [JsonSerializable(typeof(string[]))]
    private sealed partial class Context : JsonSerializerContext;
}

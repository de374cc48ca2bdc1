using System.Text.Json.Nodes;

namespace MeshNode.Persistence;

/// <summary>One of the events that an older one became.</summary>
/// <param name="Manifest">Of its kind, which may be another one than the older event's.</param>
/// <param name="Version">Of the shape of <paramref name="Json"/>; upcast further if it is not the newest.</param>
public sealed record UpcastEvent(string Manifest, int Version, JsonNode Json);

using System.Text.Json.Serialization;

namespace MeshNode.CrashWriter;

/// <summary>One event of an atomic group, which says enough to tell whether the group is whole.</summary>
/// <param name="First">Sequence number of the group's first event.</param>
/// <param name="Size">Events in the group, 1 to 5.</param>
public sealed record Entry(long First, int Size);

[JsonSerializable(typeof(Entry))]
internal sealed partial class EntryJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace MeshNode.Benchmarks.Cases.Journal;

/// <summary>The event that is persisted: about 60 bytes of JSON.</summary>
internal sealed record Deposited(long Amount, string Currency, string Reference);

[JsonSerializable(typeof(Deposited))]
internal sealed partial class JournalJson : JsonSerializerContext;

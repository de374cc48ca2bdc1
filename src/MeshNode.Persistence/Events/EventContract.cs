using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MeshNode.Persistence;

/// <summary>The newest shape of one kind of event: its name, its version and how it becomes bytes.</summary>
internal abstract class EventContract(Type type, string manifest, int version)
{
    public Type Type { get; } = type;

    public string Manifest { get; } = manifest;

    public int Version { get; } = version;

    public abstract ReadOnlyMemory<byte> Serialize(object value);

    public abstract object? Deserialize(ReadOnlyMemory<byte> payload);

    /// <summary>From what an upcaster made.</summary>
    public abstract object? Deserialize(JsonNode json);

    /// <summary>Null where the shape is not JSON.</summary>
    public abstract JsonTypeInfo? TypeInfo { get; }

    internal sealed class Json(JsonTypeInfo typeInfo, string manifest, int version) : EventContract(typeInfo.Type, manifest, version)
    {
        public override JsonTypeInfo TypeInfo { get; } = typeInfo;

        public override ReadOnlyMemory<byte> Serialize(object value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo);

        public override object? Deserialize(ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize(payload.Span, TypeInfo);

        public override object? Deserialize(JsonNode json) => json.Deserialize(TypeInfo);
    }

    internal sealed class Custom<T>(
        string manifest, int version, Func<T, ReadOnlyMemory<byte>> serialize, Func<ReadOnlyMemory<byte>, T> deserialize)
        : EventContract(typeof(T), manifest, version)
    {
        public override JsonTypeInfo? TypeInfo => null;

        public override ReadOnlyMemory<byte> Serialize(object value) => serialize((T)value);

        public override object? Deserialize(ReadOnlyMemory<byte> payload) => deserialize(payload);

        public override object? Deserialize(JsonNode json) =>
            throw new InvalidOperationException($"{Manifest} is not JSON: its upcasters give the new type itself.");
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshNode.Persistence;

/// <summary>
/// <c>{"id": 7, "unconfirmed": [{"id": 6, "to": "akka://system/user/a", "manifest": "m", "version": 1, "message": "base64"}]}</c>. The messages are
/// stored as events are, so that they can be upcast.
/// </summary>
internal sealed class DeliverySnapshotConverter(EventTypes types) : JsonConverter<AtLeastOnceDeliverySnapshot>
{
    private EventCodec? _codec;

    private EventCodec Codec => _codec ??= new EventCodec(types);

    public override AtLeastOnceDeliverySnapshot Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        List<UnconfirmedDelivery> deliveries = [];
        List<object> message = [];
        foreach (var entry in document.RootElement.GetProperty("unconfirmed").EnumerateArray())
        {
            var id = entry.GetProperty("id").GetInt64();
            var shape = new StoredShape(
                entry.GetProperty("manifest").GetString()!, entry.GetProperty("version").GetInt32(), "a delivery in a snapshot", id);
            message.Clear();
            Codec.Deserialize(shape, entry.GetProperty("message").GetBytesFromBase64(), message);
            var path = DeliveryPath.Parse(entry.GetProperty("to").GetString()!);
            deliveries.Add(new UnconfirmedDelivery(
                id, path, message.Count == 1 ? message[0] : throw new EventTypeException(shape, "A message was not upcast to one message.")));
        }

        return new AtLeastOnceDeliverySnapshot(document.RootElement.GetProperty("id").GetInt64(), deliveries);
    }

    public override void Write(Utf8JsonWriter writer, AtLeastOnceDeliverySnapshot value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", value.CurrentDeliveryId);
        writer.WriteStartArray("unconfirmed");
        foreach (var delivery in value.UnconfirmedDeliveries)
        {
            var (contract, payload) = Codec.Serialize(delivery.Message);
            writer.WriteStartObject();
            writer.WriteNumber("id", delivery.DeliveryId);
            writer.WriteString("to", delivery.Destination.ToString());
            writer.WriteString("manifest", contract.Manifest);
            writer.WriteNumber("version", contract.Version);
            writer.WriteBase64String("message", payload.Span);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

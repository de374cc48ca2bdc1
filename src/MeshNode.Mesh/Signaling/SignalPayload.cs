using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// What an envelope says: one record a type. JSON in UTF-8, so that an older peer skips a field that a newer one added.
/// </summary>
public abstract record SignalPayload
{
    private SignalPayload()
    {
    }

    public abstract EnvelopeType Type { get; }

    /// <summary>An offer: a connection's name, 16 hexadecimal digits, and its SDP.</summary>
    public sealed record Offer(string Connection, string Sdp) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Offer;
    }

    /// <summary>The answer to the offer of the same connection.</summary>
    public sealed record Answer(string Connection, string Sdp) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Answer;
    }

    /// <summary>A trickled candidate; an empty one ends them (RFC 8838 §4).</summary>
    public sealed record Candidate(string Connection, [property: JsonPropertyName("candidate")] string Value, string? Mid = null) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Candidate;
    }

    /// <summary>The message of that id, 32 hexadecimal digits, has arrived and was accepted.</summary>
    public sealed record Acknowledge(string MessageId) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Acknowledge;
    }

    /// <summary>A connection ends, or its offer is refused.</summary>
    public sealed record Bye(string Connection, string Reason) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Bye;
    }

    /// <summary>The versions and suites that the sender speaks, in answer to one that it does not.</summary>
    public sealed record Unsupported(IReadOnlyList<int> Versions, IReadOnlyList<int> Suites) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Unsupported;
    }

    /// <summary>Text from person to person.</summary>
    public sealed record Message(string Text) : SignalPayload
    {
        [JsonIgnore]
        public override EnvelopeType Type => EnvelopeType.Message;
    }

    /// <summary>Compact JSON in UTF-8.</summary>
    public byte[] ToJson() => this switch
    {
        Offer offer => JsonSerializer.SerializeToUtf8Bytes(offer, SignalJson.Default.Offer),
        Answer answer => JsonSerializer.SerializeToUtf8Bytes(answer, SignalJson.Default.Answer),
        Candidate candidate => JsonSerializer.SerializeToUtf8Bytes(candidate, SignalJson.Default.Candidate),
        Acknowledge acknowledge => JsonSerializer.SerializeToUtf8Bytes(acknowledge, SignalJson.Default.Acknowledge),
        Bye bye => JsonSerializer.SerializeToUtf8Bytes(bye, SignalJson.Default.Bye),
        Unsupported unsupported => JsonSerializer.SerializeToUtf8Bytes(unsupported, SignalJson.Default.Unsupported),
        Message message => JsonSerializer.SerializeToUtf8Bytes(message, SignalJson.Default.Message),
        _ => throw new InvalidOperationException($"{GetType().Name} has no JSON."),
    };

    /// <summary>
    /// False when the type is unknown, the JSON is malformed or a required member is missing. Only for what an
    /// authenticated sender signed and a budget has paid for: the JSON reader throws inside.
    /// </summary>
    public static bool TryParse(EnvelopeType type, ReadOnlySpan<byte> json, [NotNullWhen(true)] out SignalPayload? payload)
    {
        try
        {
            payload = type switch
            {
                EnvelopeType.Offer => JsonSerializer.Deserialize(json, SignalJson.Default.Offer),
                EnvelopeType.Answer => JsonSerializer.Deserialize(json, SignalJson.Default.Answer),
                EnvelopeType.Candidate => JsonSerializer.Deserialize(json, SignalJson.Default.Candidate),
                EnvelopeType.Acknowledge => JsonSerializer.Deserialize(json, SignalJson.Default.Acknowledge),
                EnvelopeType.Bye => JsonSerializer.Deserialize(json, SignalJson.Default.Bye),
                EnvelopeType.Unsupported => JsonSerializer.Deserialize(json, SignalJson.Default.Unsupported),
                EnvelopeType.Message => JsonSerializer.Deserialize(json, SignalJson.Default.Message),
                _ => null,
            };
        }
        catch (JsonException)
        {
            payload = null;
        }

        return payload is not null;
    }
}

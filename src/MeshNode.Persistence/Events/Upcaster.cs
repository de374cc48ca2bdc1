using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MeshNode.Persistence;

/// <summary>From one version of one kind of event to the next, or to other events.</summary>
internal abstract class Upcaster
{
    /// <summary>Adds what the step's value becomes.</summary>
    public abstract void Apply(in UpcastStep step, List<UpcastStep> into);

    private static JsonNode ToJson(object value, JsonSerializerOptions options) => value switch
    {
        ReadOnlyMemory<byte> bytes => JsonNode.Parse(bytes.Span) ?? throw new JsonException("null is no event."),
        JsonNode json => json,
        _ => JsonSerializer.SerializeToNode(value, options.GetTypeInfo(value.GetType())) ?? throw new JsonException("null is no event."),
    };

    internal sealed class OfJson(JsonSerializerOptions options, Func<JsonNode, JsonNode?> upcast) : Upcaster
    {
        public override void Apply(in UpcastStep step, List<UpcastStep> into)
        {
            if (upcast(ToJson(step.Value, options)) is { } json)
            {
                into.Add(new UpcastStep(step.Manifest, step.Version + 1, json));
            }
        }
    }

    internal sealed class ToMany(JsonSerializerOptions options, Func<JsonNode, IEnumerable<UpcastEvent>> upcast) : Upcaster
    {
        public override void Apply(in UpcastStep step, List<UpcastStep> into)
        {
            foreach (var part in upcast(ToJson(step.Value, options)))
            {
                into.Add(new UpcastStep(part.Manifest, part.Version, part.Json));
            }
        }
    }

    internal sealed class OfType<TOld, TNew>(JsonTypeInfo<TOld> oldType, Func<TOld, TNew?> upcast) : Upcaster
        where TNew : notnull
    {
        public override void Apply(in UpcastStep step, List<UpcastStep> into)
        {
            var old = step.Value switch
            {
                TOld made => made,
                ReadOnlyMemory<byte> bytes => JsonSerializer.Deserialize(bytes.Span, oldType),
                JsonNode json => json.Deserialize(oldType),
                var other => throw new InvalidOperationException($"The upcaster before gave {other.GetType()}, this one takes {typeof(TOld)}."),
            };
            if (upcast(old ?? throw new JsonException("null is no event.")) is { } value)
            {
                into.Add(new UpcastStep(step.Manifest, step.Version + 1, value));
            }
        }
    }
}

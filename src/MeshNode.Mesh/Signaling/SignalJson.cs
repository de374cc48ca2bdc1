using System.Text.Json.Serialization;

namespace MeshNode.Mesh.Signaling;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SignalPayload.Offer))]
[JsonSerializable(typeof(SignalPayload.Answer))]
[JsonSerializable(typeof(SignalPayload.Candidate))]
[JsonSerializable(typeof(SignalPayload.Acknowledge))]
[JsonSerializable(typeof(SignalPayload.Bye))]
[JsonSerializable(typeof(SignalPayload.Unsupported))]
[JsonSerializable(typeof(SignalPayload.Message))]
internal sealed partial class SignalJson : JsonSerializerContext;

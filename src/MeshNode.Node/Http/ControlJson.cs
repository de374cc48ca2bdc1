using System.Text.Json;
using System.Text.Json.Serialization;
using MeshNode.Mesh;
using MeshNode.Node.Hosting;

namespace MeshNode.Node.Http;

/// <summary>Every JSON shape of the API and its client, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(IReadOnlyList<MeshPeer>))]
[JsonSerializable(typeof(MeshTopology))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SendResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(EndPointFile.Content))]
internal sealed partial class ControlJson : JsonSerializerContext;

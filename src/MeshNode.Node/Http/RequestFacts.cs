using System.Net;

namespace MeshNode.Node.Http;

/// <summary>What of a request decides whether it may go on.</summary>
/// <param name="Local">The address that the connection came to.</param>
/// <param name="Host">The Host header; empty when there is none.</param>
/// <param name="Origin">The Origin headers; none from programs that are no browsers.</param>
/// <param name="Authorization">The Authorization header; empty when there is none.</param>
internal readonly record struct RequestFacts(IPEndPoint Local, string Host, IReadOnlyList<string?> Origin, string Authorization);

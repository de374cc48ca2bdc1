namespace MeshNode.Interop.Tests.Peers;

/// <summary>What travels between two peers before they are connected: a description or a trickled candidate.</summary>
public abstract record PeerSignal;

/// <param name="Type">"offer" or "answer".</param>
/// <param name="Sdp">The session description's text.</param>
public sealed record DescriptionSignal(string Type, string Sdp) : PeerSignal;

/// <param name="Candidate">RFC 8839 candidate-attribute, without "a=".</param>
/// <param name="Mid">The media section that it belongs to.</param>
public sealed record CandidateSignal(string Candidate, string Mid) : PeerSignal;

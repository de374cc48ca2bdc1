using System.Globalization;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>What travels between two peers before they are connected: a description or a trickled candidate.</summary>
public abstract record PeerSignal;

/// <param name="Type">"offer" or "answer".</param>
/// <param name="Sdp">The session description's text.</param>
public sealed record DescriptionSignal(string Type, string Sdp) : PeerSignal
{
    /// <summary>Bytes of a message that its maker takes (RFC 8841 section 6.1: 65,536 when it does not say).</summary>
    public int MaxMessageSize => int.Parse(Attribute("max-message-size") ?? "65536", CultureInfo.InvariantCulture);

    /// <summary>RFC 8839 section 5.4.</summary>
    public string UsernameFragment => Attribute("ice-ufrag") ?? throw new InvalidOperationException("A description without ice-ufrag.");

    /// <summary>The value of the first <c>a=name:</c> line; null when there is none.</summary>
    private string? Attribute(string name)
    {
        var prefix = $"a={name}:";
        return Sdp.Split("\r\n").FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
    }
}

/// <param name="Candidate">RFC 8839 candidate-attribute, without "a=".</param>
/// <param name="Mid">The media section that it belongs to.</param>
public sealed record CandidateSignal(string Candidate, string Mid) : PeerSignal;

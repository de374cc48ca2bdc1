using System.Text.Json;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>
/// What a peer reports, whichever stack it is; fields that do not belong to the kind, or that a stack does not tell, are null.
/// </summary>
/// <param name="Event">"state", "description", "open", "message", "sent", "closed" or "error".</param>
/// <param name="State">W3C connection state, with "state".</param>
/// <param name="Label">The channel.</param>
/// <param name="Id">SCTP stream id, with "open".</param>
/// <param name="Ordered">With "open".</param>
/// <param name="MaxRetransmits">With "open".</param>
/// <param name="MaxPacketLifeTime">Milliseconds, with "open".</param>
/// <param name="Protocol">With "open".</param>
/// <param name="Text">True for a text message, false for a binary one.</param>
/// <param name="Size">Bytes of a message, those of UTF-8 for text.</param>
/// <param name="Sha256">Lower-case hexadecimal digest of a message's bytes.</param>
/// <param name="Message">What went wrong, with "error"; the username fragment, with "description".</param>
public sealed record PeerEvent(
    string Event,
    string? State = null,
    string? Label = null,
    int? Id = null,
    bool? Ordered = null,
    int? MaxRetransmits = null,
    int? MaxPacketLifeTime = null,
    string? Protocol = null,
    bool? Text = null,
    int? Size = null,
    string? Sha256 = null,
    string? Message = null)
{
    public override string ToString() => JsonSerializer.Serialize(this, FarSideJson.Options);
}

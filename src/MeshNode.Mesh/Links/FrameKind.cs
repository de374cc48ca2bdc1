namespace MeshNode.Mesh.Links;

/// <summary>What a frame is. A receiver skips and counts a kind that it does not know.</summary>
public enum FrameKind : byte
{
    // WebSocket, and data channel "control"
    Hello = 0x01,
    Proof = 0x02,
    Welcome = 0x03,

    /// <summary>Body: reason in UTF-8.</summary>
    Refused = 0x04,
    Envelope = 0x10,
    Advert = 0x11,
    Ping = 0x20,

    /// <summary>Its sequence is the ping's.</summary>
    Pong = 0x21,

    // data channels

    /// <summary>Body: UTF-8.</summary>
    TextMessage = 0x40,
    BinaryMessage = 0x41,

    /// <summary>Its sequence is that of the message acknowledged.</summary>
    Acknowledge = 0x42,

    /// <summary>Its sequence is that of the message refused; body: reason in UTF-8.</summary>
    NegativeAcknowledge = 0x43,

    /// <summary>Body: reason code u8, then text in UTF-8. See <see cref="Goodbye"/>.</summary>
    Goodbye = 0x50,
}

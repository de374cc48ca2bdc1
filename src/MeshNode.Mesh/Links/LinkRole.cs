namespace MeshNode.Mesh.Links;

/// <summary>Which side of a link this is; part of what is signed, so that a proof cannot be sent back to its maker.</summary>
public enum LinkRole : byte
{
    /// <summary>Dialled the WebSocket, or made the offer.</summary>
    Opener = 0,

    /// <summary>Accepted the WebSocket, or made the answer.</summary>
    Accepter = 1,
}

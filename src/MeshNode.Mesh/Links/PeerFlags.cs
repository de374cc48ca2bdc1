namespace MeshNode.Mesh.Links;

/// <summary>What a peer says about itself in hello and advert. Unknown bits are ignored.</summary>
[Flags]
public enum PeerFlags : byte
{
    None = 0,

    /// <summary>A MeshNode process, not a browser tab.</summary>
    Node = 1,

    /// <summary>Passes on what is for others.</summary>
    Relays = 2,
}

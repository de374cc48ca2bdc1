namespace MeshNode.Mesh.Routing;

/// <summary>What became of an advert.</summary>
public enum AdvertResult
{
    /// <summary>It is new: pass it on to the other neighbours.</summary>
    Applied,

    /// <summary>We have this one or a newer one.</summary>
    Stale,

    /// <summary>It is not signed by whom it names.</summary>
    BadSignature,

    /// <summary>It is our own, come back.</summary>
    Own,

    /// <summary>It is signed in our name and newer than ours: a copy of our keys runs somewhere, or our boot counter was set back.</summary>
    OwnButNewer,

    /// <summary>The table is full.</summary>
    Full,
}

namespace MeshNode.Mesh.Signaling;

/// <summary>Why an envelope was not accepted. Counted by <see cref="EnvelopeOpener"/>.</summary>
public enum RefusalReason
{
    /// <summary>It was accepted.</summary>
    None,

    /// <summary>The layout is wrong, or a field is out of its range.</summary>
    Malformed,

    /// <summary>A version or suite that we do not know; the sender gets an <c>unsupported</c> with ours.</summary>
    Unsupported,

    /// <summary>It is for somebody else.</summary>
    NotForUs,

    /// <summary>No verified key bundle of the sender is known.</summary>
    UnknownSender,

    /// <summary>The neighbour that brought it has used up its budget; nothing was computed.</summary>
    RateLimited,

    /// <summary>The encapsulated key is not a point of the curve.</summary>
    InvalidKey,

    /// <summary>It does not open: sealed to another key, or header, <c>enc</c> or sealed bytes were altered.</summary>
    NotOpened,

    /// <summary>It opened, but what is inside has the wrong layout.</summary>
    MalformedContent,

    /// <summary>The sender named did not sign it.</summary>
    BadSignature,

    /// <summary>It was sealed for an earlier run of this process.</summary>
    StaleBootNonce,

    /// <summary>Its sequence number was seen before.</summary>
    Replayed,

    /// <summary>Its sequence number is older than what the window remembers.</summary>
    TooOld,

    /// <summary>The table of senders is full.</summary>
    TooManySenders,
}

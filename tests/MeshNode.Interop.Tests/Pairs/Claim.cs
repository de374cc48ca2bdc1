namespace MeshNode.Interop.Tests.Pairs;

/// <summary>What is claimed of a pair of stacks: the columns of the matrix, in the order of the table.</summary>
public enum Claim
{
    /// <summary>Every kind of channel opens with its parameters.</summary>
    Kinds,

    /// <summary>Either side opens channels on a connection that is up.</summary>
    Later,

    /// <summary>Messages from 0 bytes to the negotiated maximum arrive unchanged; ours refuses more.</summary>
    Sizes,

    /// <summary>Messages sent at once both ways arrive in order.</summary>
    Order,

    /// <summary>A hundred channels carry messages at once and close.</summary>
    Streams,

    /// <summary>A channel closed by either side closes at both and leaves the others open.</summary>
    Close,

    /// <summary>What was sent before a channel is closed arrives.</summary>
    Drain,

    /// <summary>A label and its stream can be used again after a close.</summary>
    Reuse,

    /// <summary>A connection closed by either side ends at the other.</summary>
    End,

    /// <summary>What was sent before the connection is closed arrives.</summary>
    LastWords,

    /// <summary>The other side is gone without a word: that is noticed, and nothing delivered before is lost.</summary>
    Abort,

    /// <summary>Under loss a reliable channel gets everything.</summary>
    Loss,

    /// <summary>Under loss channels that give messages up do not stand still, and a reliable one beside them gets everything.</summary>
    Partial,

    /// <summary>ICE restarts under traffic, on a live path and after the path was cut, without a new DTLS handshake.</summary>
    Restart,
}

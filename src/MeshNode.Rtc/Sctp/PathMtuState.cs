namespace MeshNode.Rtc.Sctp;

/// <summary>Phases of path MTU discovery (RFC 8899 §5.2).</summary>
internal enum PathMtuState
{
    /// <summary>Nothing is probed: too little was sent for larger packets to matter, or there are no larger sizes.</summary>
    Disabled,

    /// <summary>The base size is being confirmed.</summary>
    Base,

    /// <summary>Larger sizes are being tried.</summary>
    Searching,

    /// <summary>The largest size that the path takes is in use.</summary>
    SearchComplete,

    /// <summary>Not even the base size was confirmed.</summary>
    Error,
}

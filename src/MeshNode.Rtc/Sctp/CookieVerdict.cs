namespace MeshNode.Rtc.Sctp;

/// <summary>What a COOKIE ECHO with a valid MAC means (RFC 9260 §5.2.4, table 12).</summary>
internal enum CookieVerdict
{
    /// <summary>Action C, or none that applies: silently discarded.</summary>
    Discard,

    /// <summary>Action A: the far side began anew over an association that is up.</summary>
    Restart,

    /// <summary>Action B, or the first that is heard of the far side: its values are taken from the cookie.</summary>
    Adopt,

    /// <summary>Action D during set-up: the association that was being set up is complete.</summary>
    Complete,

    /// <summary>Action D afterwards: our COOKIE ACK was lost.</summary>
    Repeat,

    /// <summary>Older than Valid.Cookie.Life.</summary>
    Stale,
}

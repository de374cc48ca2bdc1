namespace MeshNode.Rtc.Stun;

/// <summary>RFC 8489 §14.8 and RFC 8445 §16.2.</summary>
internal static class StunErrorCode
{
    public const int BadRequest = 400;
    public const int Unauthenticated = 401;
    public const int UnknownAttribute = 420;
    public const int RoleConflict = 487;

    /// <summary>The reason phrase, UTF-8; short, so that a refusal is never longer than what it answers.</summary>
    public static ReadOnlySpan<byte> Reason(int code) => code switch
    {
        BadRequest => "Bad Request"u8,
        Unauthenticated => "Unauthenticated"u8,
        UnknownAttribute => "Unknown Attribute"u8,
        RoleConflict => "Role Conflict"u8,
        _ => default,
    };
}

namespace MeshNode.Rtc;

/// <summary>A peer's violation, or a failure of the connection, as a value.</summary>
/// <param name="Code">What failed.</param>
/// <param name="Message">Why, for people and logs; may quote what the peer sent, never more than 100 characters of it.</param>
public sealed record RtcError(RtcErrorCode Code, string Message)
{
    public override string ToString() => $"{Code}: {Message}";
}

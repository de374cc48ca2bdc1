namespace MeshNode.Rtc.Ice;

internal enum RoleConflictResolution
{
    None,

    /// <summary>Answer 487: the far side shall switch.</summary>
    Refuse,

    SwitchRole,
}

/// <summary>RFC 8445 §7.3.1.1: which of two agents that claim the same role gives way.</summary>
internal static class RoleConflict
{
    /// <param name="role">Ours.</param>
    /// <param name="claimed">The role that the far side's request claims; null when it claims none.</param>
    /// <param name="ours">Our tie-breaker.</param>
    /// <param name="theirs">The one in the request.</param>
    public static RoleConflictResolution Resolve(IceRole role, IceRole? claimed, ulong ours, ulong theirs) =>
        (role, claimed) switch
        {
            // "If the agent's tiebreaker value is larger than or equal to the contents of the ICE-CONTROLLING attribute,
            // the agent generates a Binding error response ... 487 ... but retains its role."
            (IceRole.Controlling, IceRole.Controlling) when ours >= theirs => RoleConflictResolution.Refuse,
            (IceRole.Controlling, IceRole.Controlling) => RoleConflictResolution.SwitchRole,
            (IceRole.Controlled, IceRole.Controlled) when ours >= theirs => RoleConflictResolution.SwitchRole,
            (IceRole.Controlled, IceRole.Controlled) => RoleConflictResolution.Refuse,
            _ => RoleConflictResolution.None,
        };
}

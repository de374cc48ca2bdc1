using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>A connectivity check of the far side: what it says, once its integrity has been found valid.</summary>
internal readonly ref struct BindingRequest
{
    private BindingRequest(StunReader message, IceGeneration generation, ReadOnlySpan<byte> username)
    {
        Generation = generation;
        IsFromPeer = generation.IsSentByPeer(username);
        UseCandidate = message.HasAttribute(StunAttributeType.UseCandidate);
        Priority = message.TryReadUInt32(StunAttributeType.Priority, out var priority)
            ? priority
            : IcePriority.Candidate(IceCandidateType.PeerReflexive, 0, 1);
        if (message.TryReadUInt64(StunAttributeType.IceControlling, out var tieBreaker))
        {
            ClaimedRole = IceRole.Controlling;
        }
        else if (message.TryReadUInt64(StunAttributeType.IceControlled, out tieBreaker))
        {
            ClaimedRole = IceRole.Controlled;
        }

        TieBreaker = tieBreaker;
    }

    /// <summary>Whose ufrag it names and whose password signed it.</summary>
    public IceGeneration Generation { get; }

    /// <summary>False for a check from another generation of the far side: it is answered and changes nothing.</summary>
    public bool IsFromPeer { get; }

    public bool UseCandidate { get; }

    public uint Priority { get; }

    public IceRole? ClaimedRole { get; }

    public ulong TieBreaker { get; }

    /// <summary>RFC 8489 §9.1.3 with the short-term credentials of RFC 8445 §7.3.</summary>
    /// <returns>0 when the request is authentic, otherwise the code to refuse it with.</returns>
    public static int Authenticate(StunReader message, IceGeneration current, IceGeneration? previous, out BindingRequest request)
    {
        request = default;
        var hasUsername = message.TryFind(StunAttributeType.Username, out var username);
        var hasIntegrity = message.HasIntegrity;
        // "If the message does not contain both a message-integrity attribute and a USERNAME ... error code of 400".
        if (!hasUsername || !hasIntegrity)
        {
            return StunErrorCode.BadRequest;
        }

        var generation = current.IsAddressedBy(username.Value) ? current
            : previous?.IsAddressedBy(username.Value) == true ? previous
            : null;
        if (generation is null || message.VerifyIntegrity(generation.LocalPassword) != StunIntegrityResult.Valid)
        {
            return StunErrorCode.Unauthenticated;
        }

        request = new BindingRequest(message, generation, username.Value);
        return 0;
    }
}

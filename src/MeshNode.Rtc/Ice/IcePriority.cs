using System.Globalization;

namespace MeshNode.Rtc.Ice;

/// <summary>The arithmetic of RFC 8445 §5.1.1.3, §5.1.2 and §6.1.2.3.</summary>
internal static class IcePriority
{
    /// <summary>RFC 8445 §5.1.2.2: recommended values.</summary>
    public static int TypePreference(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => 126,
        IceCandidateType.PeerReflexive => 110,
        IceCandidateType.ServerReflexive => 100,
        _ => 0,
    };

    /// <summary>priority = (2^24)*(type preference) + (2^8)*(local preference) + (256 - component ID).</summary>
    public static uint Candidate(IceCandidateType type, ushort localPreference, int component) =>
        ((uint)TypePreference(type) << 24) | ((uint)localPreference << 8) | (uint)(256 - component);

    /// <summary>The priority that a candidate would have if it were of another type (PRIORITY of RFC 8445 §7.1.1).</summary>
    public static uint WithType(uint priority, IceCandidateType type) =>
        ((uint)TypePreference(type) << 24) | (priority & 0x00FF_FFFF);

    /// <summary>pair priority = 2^32*MIN(G,D) + 2*MAX(G,D) + (G>D?1:0), G being the controlling agent's candidate.</summary>
    public static ulong Pair(IceRole role, uint local, uint remote)
    {
        var (g, d) = role == IceRole.Controlling ? (local, remote) : (remote, local);
        return ((ulong)Math.Min(g, d) << 32) + (2UL * Math.Max(g, d)) + (g > d ? 1UL : 0UL);
    }

    /// <summary>A foundation that is the same for the same type and base address, whatever the port (FNV-1a, 32 bits).</summary>
    public static string Foundation(IceCandidateType type, TransportAddress baseAddress)
    {
        Span<byte> bytes = stackalloc byte[17];
        var length = baseAddress.WriteAddress(bytes);
        bytes[length++] = (byte)type;
        var hash = 2166136261u;
        foreach (var b in bytes[..length])
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash.ToString(CultureInfo.InvariantCulture);
    }
}

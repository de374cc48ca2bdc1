using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Sdp;

/// <summary>The attributes that count for data channels, of the session or of one m-section, while a description is parsed.</summary>
internal sealed class SdpAttributes
{
    /// <summary>Candidates kept of one section; a peer with more addresses trickles or loses the rest.</summary>
    private const int MaxCandidates = 128;

    /// <summary>An attribute of ours.</summary>
    public const string MaxDatagramSizeName = "x-max-datagram-size";

    /// <summary>Fingerprints kept of one section: one a hash function is usual.</summary>
    private const int MaxFingerprints = 8;

    public string? UsernameFragment { get; private set; }

    public string? Password { get; private set; }

    public SdpSetup? Setup { get; private set; }

    public List<DtlsFingerprint> Fingerprints { get; } = [];

    public List<IceCandidate> Candidates { get; } = [];

    public bool EndOfCandidates { get; private set; }

    public bool IsIceLite { get; private set; }

    public bool Trickle { get; private set; }

    public bool IsBundleOnly { get; private set; }

    public string? Mid { get; private set; }

    public ushort? SctpPort { get; private set; }

    /// <summary>The port that <c>a=sctpmap</c> gives to data channels, before RFC 8841.</summary>
    public ushort? SctpMapPort { get; private set; }

    public long? MaxMessageSize { get; private set; }

    /// <summary>Null without one that can be read.</summary>
    public long? MaxDatagramSize { get; private set; }

    /// <summary>Identifications in <c>a=group:BUNDLE</c>, in order; null without one.</summary>
    public string[]? Bundle { get; private set; }

    /// <summary>Takes one <c>a=</c> line; returns what is wrong with it, or null. Attributes that we do not know are ignored (RFC 8866 section 5.13).</summary>
    public string? Add(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        return name switch
        {
            "ice-ufrag" => AddUsernameFragment(value),
            "ice-pwd" => AddPassword(value),
            "fingerprint" => AddFingerprint(value),
            "setup" => AddSetup(value),
            "candidate" => AddCandidate(value),
            "mid" => AddMid(value),
            "sctp-port" => AddSctpPort(value),
            "sctpmap" => AddSctpMap(value),
            "max-message-size" => AddMaxMessageSize(value),
            MaxDatagramSizeName => AddMaxDatagramSize(value),
            "group" => AddGroup(value),
            _ => AddFlag(name, value),
        };
    }

    // RFC 8839 section 5.4: ice-ufrag is 4*256ice-char, ice-pwd is 22*256ice-char.
    private static bool IsIceString(ReadOnlySpan<char> value, int minimum) =>
        value.Length >= minimum && value.Length <= 256 && IceCredentials.IsIceChars(value);

    private static bool IsToken(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
        {
            if (c is <= ' ' or >= (char)0x7f)
            {
                return false;
            }
        }

        return value.Length is > 0 and <= 255;
    }

    private static bool IsKnownTransportAndType(ReadOnlySpan<char> candidate)
    {
        Span<Range> fields = stackalloc Range[9];
        if (candidate.Split(fields, ' ') < 8)
        {
            return true; // malformed, not merely foreign
        }

        var transport = candidate[fields[2]];
        var type = candidate[fields[7]];
        return (transport.Equals("udp", StringComparison.OrdinalIgnoreCase) || transport.Equals("tcp", StringComparison.OrdinalIgnoreCase))
            && type is "host" or "srflx" or "prflx" or "relay";
    }

    private string? AddUsernameFragment(ReadOnlySpan<char> value)
    {
        if (UsernameFragment is not null || !IsIceString(value, 4))
        {
            return "ice-ufrag must be given once, with 4 to 256 ice-chars";
        }

        UsernameFragment = value.ToString();
        return null;
    }

    private string? AddPassword(ReadOnlySpan<char> value)
    {
        if (Password is not null || !IsIceString(value, 22))
        {
            return "ice-pwd must be given once, with 22 to 256 ice-chars";
        }

        Password = value.ToString();
        return null;
    }

    private string? AddFingerprint(ReadOnlySpan<char> value)
    {
        if (DtlsFingerprint.TryParse(value, out var fingerprint))
        {
            if (Fingerprints.Count < MaxFingerprints)
            {
                Fingerprints.Add(fingerprint);
            }

            return null;
        }

        // RFC 8122 section 5: an endpoint picks among the hash functions that it knows.
        return DtlsFingerprint.IsKnownHash(value) ? "fingerprint is malformed" : null;
    }

    private string? AddSetup(ReadOnlySpan<char> value)
    {
        if (Setup is not null)
        {
            return "setup is given twice";
        }

        Setup = value switch
        {
            "actpass" => SdpSetup.ActPass,
            "active" => SdpSetup.Active,
            "passive" => SdpSetup.Passive,
            _ => null,
        };
        return Setup is null ? "setup must be actpass, active or passive" : null;
    }

    private string? AddCandidate(ReadOnlySpan<char> value)
    {
        if (IceCandidate.TryParse(value, out var candidate))
        {
            if (Candidates.Count < MaxCandidates)
            {
                Candidates.Add(candidate!);
            }

            return null;
        }

        // RFC 8839 section 5.1: "implementations MUST ignore candidates" of transports and types that they do not know.
        return IsKnownTransportAndType(value) ? "candidate is malformed" : null;
    }

    private string? AddMid(ReadOnlySpan<char> value)
    {
        if (Mid is not null || !IsToken(value))
        {
            return "mid must be given once, as a token";
        }

        Mid = value.ToString();
        return null;
    }

    private string? AddSctpPort(ReadOnlySpan<char> value)
    {
        if (SctpPort is not null || !ushort.TryParse(value, System.Globalization.NumberStyles.None, null, out var port) || port == 0)
        {
            return "sctp-port must be given once, in 1 to 65535";
        }

        SctpPort = port;
        return null;
    }

    // draft-ietf-mmusic-sctp-sdp-07 section 5.2: sctpmap-number SP app [SP max streams]; other applications than ours are ignored.
    private string? AddSctpMap(ReadOnlySpan<char> value)
    {
        Span<Range> fields = stackalloc Range[3];
        var count = value.Split(fields, ' ');
        if (count < 2 || !ushort.TryParse(value[fields[0]], System.Globalization.NumberStyles.None, null, out var port) || port == 0)
        {
            return "sctpmap needs a port and an application";
        }

        if (value[fields[1]].SequenceEqual(SdpMediaSection.DataChannelFormat))
        {
            SctpMapPort = port;
        }

        return null;
    }

    private string? AddMaxMessageSize(ReadOnlySpan<char> value)
    {
        // RFC 8841 section 6.1: max-message-size-value = 1*DIGIT; what no long holds is no limit for us.
        if (MaxMessageSize is not null || value.IsEmpty || value.ContainsAnyExceptInRange('0', '9'))
        {
            return "max-message-size must be given once, as digits";
        }

        MaxMessageSize = long.TryParse(value, System.Globalization.NumberStyles.None, null, out var bytes) ? bytes : 0;
        return null;
    }

    /// <summary>Nobody else is bound by it, so that what is malformed is passed over.</summary>
    private string? AddMaxDatagramSize(ReadOnlySpan<char> value)
    {
        if (int.TryParse(value, System.Globalization.NumberStyles.None, null, out var bytes))
        {
            MaxDatagramSize = Math.Max(bytes, PathMtuSizes.CommonDatagram);
        }

        return null;
    }

    private string? AddGroup(ReadOnlySpan<char> value)
    {
        if (!value.StartsWith("BUNDLE") || (value.Length > 6 && value[6] != ' '))
        {
            return null;
        }

        if (Bundle is not null)
        {
            return "more than one BUNDLE group";
        }

        Bundle = value[6..].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return null;
    }

    private string? AddFlag(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case "end-of-candidates":
                EndOfCandidates = true;
                break;
            case "ice-lite":
                IsIceLite = true;
                break;
            case "bundle-only":
                IsBundleOnly = true;
                break;
            case "ice-options":
                Trickle |= value.ToString().Split(' ').Contains("trickle");
                break;
        }

        return null;
    }
}

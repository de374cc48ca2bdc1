using System.Globalization;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Sdp;

/// <summary>Reads one description; used once. What is wrong is in <see cref="Error"/>, never an exception.</summary>
internal sealed class SdpParser(SdpType type)
{
    /// <summary>Bytes of UTF-8 that a description may have.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>m-lines that a description may have; browsers' largest conferences stay below.</summary>
    private const int MaxSections = 256;

    // RFC 8866 section 9: which lines may stand before the first m-line, and which after one.
    private const string SessionLines = "iuepcbtrzka";
    private const string MediaLines = "icbka";

    private readonly SdpAttributes _session = new();
    private readonly List<(SdpMediaSection Section, SdpAttributes Attributes, bool HasPort)> _media = [];
    private string _sessionId = "";
    private ulong _sessionVersion;
    private bool _hasTiming;

    /// <summary>Why <see cref="Parse"/> returned null.</summary>
    public string? Error { get; private set; }

    public DataChannelSdp? Parse(string text)
    {
        if (text.Length > MaxLength || System.Text.Encoding.UTF8.GetByteCount(text) > MaxLength)
        {
            return Refuse("the description is longer than 1 MiB");
        }

        var reader = new SdpLineReader(text);
        bool malformed;
        while (reader.TryRead(out var lineType, out var value, out malformed))
        {
            if (ReadLine(reader.Line, lineType, value) is { } error)
            {
                return Refuse($"line {reader.Line}: {error}");
            }
        }

        return malformed ? Refuse($"line {reader.Line}: not of the form type=value") : Complete();
    }

    private DataChannelSdp? Refuse(string error)
    {
        Error = error;
        return null;
    }

    private string? ReadLine(int line, char lineType, ReadOnlySpan<char> value) => line switch
    {
        1 => lineType == 'v' && value is "0" ? null : "a description begins with v=0",
        2 => lineType == 'o' ? ReadOrigin(value) : "o= follows v=",
        3 => lineType == 's' ? null : "s= follows o=",
        _ => ReadBody(lineType, value),
    };

    private string? ReadBody(char lineType, ReadOnlySpan<char> value)
    {
        if (lineType == 'm')
        {
            return ReadMedia(value);
        }

        // RFC 8866 section 5: a parser "MUST completely ignore or reject any session description that contains
        // a type letter that it does not understand".
        if (!(_media.Count == 0 ? SessionLines : MediaLines).Contains(lineType))
        {
            return $"type {(char.IsAsciiLetter(lineType) ? lineType : '?')} is unknown or out of place";
        }

        _hasTiming |= lineType == 't';
        return lineType == 'a' ? (_media.Count == 0 ? _session : _media[^1].Attributes).Add(value) : null;
    }

    private string? ReadOrigin(ReadOnlySpan<char> value)
    {
        // o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>
        Span<Range> fields = stackalloc Range[7];
        if (value.Split(fields, ' ') != 6
            || !IsDigits(value[fields[1]])
            || !ulong.TryParse(value[fields[2]], NumberStyles.None, null, out _sessionVersion))
        {
            return "o= needs six fields with a numeric id and version";
        }

        _sessionId = value[fields[1]].ToString();
        return null;
    }

    private string? ReadMedia(ReadOnlySpan<char> value)
    {
        // m=<media> <port>["/"<count>] <proto> <fmt> …
        Span<Range> fields = stackalloc Range[4];
        if (_media.Count == MaxSections)
        {
            return "too many m-lines";
        }

        if (value.Split(fields, ' ') != 4)
        {
            return "m= needs media, port, protocol and formats";
        }

        var port = value[fields[1]];
        var slash = port.IndexOf('/');
        if (!ushort.TryParse(slash < 0 ? port : port[..slash], NumberStyles.None, null, out var number)
            || !IsPrintable(value[fields[0]]) || !IsPrintable(value[fields[2]]) || !IsPrintable(value[fields[3]]))
        {
            return "m= is malformed";
        }

        var section = new SdpMediaSection(value[fields[0]].ToString(), value[fields[2]].ToString(), value[fields[3]].ToString(), null, number == 0);
        _media.Add((section, new SdpAttributes(), number != 0));
        return null;
    }

    private static bool IsDigits(ReadOnlySpan<char> value) => value.Length is > 0 and <= 20 && !value.ContainsAnyExceptInRange('0', '9');

    private static bool IsPrintable(ReadOnlySpan<char> value) => value.Length is > 0 and <= 1024 && !value.ContainsAnyExceptInRange(' ', '~');

    private DataChannelSdp? Complete()
    {
        if (_sessionId.Length == 0 || !_hasTiming)
        {
            return Refuse("v=, o=, s= and t= are required");
        }

        var sections = _media.Select(m => m.Section with
        {
            Mid = m.Attributes.Mid,
            IsRejected = !m.HasPort && !m.Attributes.IsBundleOnly,
        }).ToArray();
        var mids = sections.Where(s => s.Mid is not null).Select(s => s.Mid!).ToArray();
        if (mids.Distinct(StringComparer.Ordinal).Count() != mids.Length)
        {
            return Refuse("two m-sections have the same mid");
        }

        var data = Array.FindIndex(sections, s => s.IsDataChannel);
        return data < 0 ? Refuse("there is no m-section for data channels (UDP/DTLS/SCTP webrtc-datachannel)") : Complete(sections, data);
    }

    private DataChannelSdp? Complete(SdpMediaSection[] sections, int data)
    {
        // Attributes of the transport may stand at the section, at the session (RFC 8839 section 5.4, RFC 8122 section 5),
        // or at the section that carries the bundle (RFC 9143 section 7.1.3).
        var own = _media[data].Attributes;
        var tagged = Tagged(sections[data].Mid);
        SdpAttributes[] levels = [own, _session, tagged];
        var credentials = levels.FirstOrDefault(a => a.UsernameFragment is not null || a.Password is not null);
        if (credentials is not { UsernameFragment: { } ufrag, Password: { } password })
        {
            return Refuse("ice-ufrag and ice-pwd are required, at the same level");
        }

        var fingerprints = levels.Select(a => a.Fingerprints).FirstOrDefault(f => f.Count > 0);
        if (fingerprints is null)
        {
            return Refuse("a fingerprint with sha-256, sha-384 or sha-512 is required");
        }

        if ((own.Setup ?? _session.Setup ?? tagged.Setup) is not { } setup)
        {
            return Refuse("setup is required");
        }

        // RFC 8842 section 5.3: "the answerer MUST assign the SDP 'setup' attribute" active or passive.
        if (type == SdpType.Answer && setup == SdpSetup.ActPass)
        {
            return Refuse("an answer's setup must be active or passive");
        }

        if ((sections[data].IsDraft ? own.SctpMapPort : own.SctpPort) is not { } sctpPort)
        {
            return Refuse("sctp-port is required, or sctpmap with DTLS/SCTP");
        }

        var candidates = own.Candidates.Count > 0 ? own : tagged;
        return new DataChannelSdp
        {
            SessionId = _sessionId,
            SessionVersion = _sessionVersion,
            Sections = sections,
            DataSection = data,
            Credentials = new IceCredentials(ufrag, password),
            Fingerprints = fingerprints,
            Setup = setup,
            SctpPort = sctpPort,
            MaxMessageSize = own.MaxMessageSize ?? DataChannelSdp.DefaultMaxMessageSize,
            MaxDatagramSize = own.MaxDatagramSize ?? PathMtuSizes.CommonDatagram,
            Candidates = candidates.Candidates,
            EndOfCandidates = own.EndOfCandidates || candidates.EndOfCandidates || _session.EndOfCandidates,
            IsIceLite = _session.IsIceLite,
        };
    }

    /// <summary>The attributes of the section that tags the bundle which holds <paramref name="mid"/>, or none.</summary>
    private SdpAttributes Tagged(string? mid)
    {
        if (mid is not null && _session.Bundle is { } bundle && bundle.Contains(mid))
        {
            foreach (var (_, attributes, _) in _media)
            {
                if (attributes.Mid == bundle[0])
                {
                    return attributes;
                }
            }
        }

        return new SdpAttributes();
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshNode.Rtc.Ice;

/// <summary>
/// The candidate attribute of RFC 8839 §5.1:
/// <c>candidate:foundation SP component SP transport SP priority SP address SP port SP "typ" SP type
/// [SP "raddr" SP address] [SP "rport" SP port] *(SP name SP value)</c>.
/// </summary>
internal static class IceCandidateText
{
    /// <summary>Longer lines are refused before they are looked at.</summary>
    public const int MaximumLength = 1024;

    private const int MaximumHostNameLength = 253;

    public static bool TryParse(ReadOnlySpan<char> text, out IceCandidate? candidate)
    {
        candidate = null;
        if (text.Length > MaximumLength)
        {
            return false;
        }

        var fields = new Fields(text);
        if (!fields.TryNext(out var foundation) || !IsFoundation(foundation)
            || !fields.TryNext(out var componentText) || !TryParseNumber(componentText, 3, 256, out var component) || component == 0
            || !fields.TryNext(out var transport) || !TryParseProtocol(transport, out var protocol)
            || !fields.TryNext(out var priorityText) || !TryParseNumber(priorityText, 10, int.MaxValue, out var priority) || priority == 0
            || !fields.TryNext(out var addressText)
            || !fields.TryNext(out var portText) || !TryParseNumber(portText, 5, ushort.MaxValue, out var port)
            || !TryParseConnectionAddress(addressText, (ushort)port, out var address, out var hostName)
            || !fields.TryNext(out var typ) || typ is not "typ"
            || !fields.TryNext(out var typeText) || !TryParseType(typeText, out var type)
            || !TryParseExtensions(ref fields, out var extensions))
        {
            return false;
        }

        // RFC 6544 §4.5: "The tcptype ... is REQUIRED when the transport is TCP."
        if (protocol == IceTransportProtocol.Tcp && extensions.TcpType is null)
        {
            return false;
        }

        candidate = new IceCandidate
        {
            Foundation = foundation.ToString(),
            Component = (int)component,
            Protocol = protocol,
            Priority = priority,
            Address = address,
            HostName = hostName,
            Type = type,
            RelatedAddress = extensions.RelatedAddress,
            TcpType = extensions.TcpType,
            UsernameFragment = extensions.UsernameFragment,
        };
        return true;
    }

    public static string Format(IceCandidate candidate)
    {
        var text = new StringBuilder("candidate:", 128);
        text.Append(candidate.Foundation)
            .Append(CultureInfo.InvariantCulture, $" {candidate.Component}")
            .Append(candidate.Protocol == IceTransportProtocol.Udp ? " udp" : " tcp")
            .Append(CultureInfo.InvariantCulture, $" {candidate.Priority} ")
            .Append(candidate.HostName ?? FormatAddress(candidate.Address))
            .Append(CultureInfo.InvariantCulture, $" {candidate.Address.Port} typ ")
            .Append(FormatType(candidate.Type));
        if (candidate.RelatedAddress is { } related)
        {
            text.Append(" raddr ").Append(FormatAddress(related))
                .Append(CultureInfo.InvariantCulture, $" rport {related.Port}");
        }

        if (candidate.TcpType is { } tcpType)
        {
            text.Append(" tcptype ").Append(tcpType);
        }

        if (candidate.UsernameFragment is { } fragment)
        {
            text.Append(" ufrag ").Append(fragment);
        }

        return text.ToString();
    }

    private static bool TryParseExtensions(ref Fields fields, out Extensions extensions)
    {
        extensions = default;
        IPAddress? relatedAddress = null;
        ReadOnlySpan<char> relatedPort = default;
        while (fields.TryNext(out var name))
        {
            if (!fields.TryNext(out var value))
            {
                return false; // a name without a value
            }

            switch (name)
            {
                case "raddr":
                    if (!TryParseAddress(value, out relatedAddress) && !IsHostName(value))
                    {
                        return false;
                    }

                    break;
                case "rport":
                    relatedPort = value;
                    break;
                case "tcptype":
                    if (value is not ("active" or "passive" or "so"))
                    {
                        return false;
                    }

                    extensions.TcpType = value.ToString();
                    break;
                case "ufrag":
                    if (value.Length is < 4 or > 256 || !IceCredentials.IsIceChars(value))
                    {
                        return false;
                    }

                    extensions.UsernameFragment = value.ToString();
                    break;
                default:
                    break; // §5.1: "An agent MUST ignore any extension attributes it doesn't understand"
            }
        }

        uint port = 0;
        if (!relatedPort.IsEmpty && !TryParseNumber(relatedPort, 5, ushort.MaxValue, out port))
        {
            return false;
        }

        extensions.RelatedAddress = relatedAddress is null ? null : TransportAddress.From(relatedAddress, (int)port);
        return fields.IsAtEnd;
    }

    private static bool IsFoundation(ReadOnlySpan<char> text) => text.Length is >= 1 and <= 32 && IceCredentials.IsIceChars(text);

    private static bool TryParseProtocol(ReadOnlySpan<char> text, out IceTransportProtocol protocol)
    {
        protocol = text.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? IceTransportProtocol.Tcp : IceTransportProtocol.Udp;
        return protocol == IceTransportProtocol.Tcp || text.Equals("udp", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParseType(ReadOnlySpan<char> text, out IceCandidateType type)
    {
        (type, var known) = text switch
        {
            "host" => (IceCandidateType.Host, true),
            "srflx" => (IceCandidateType.ServerReflexive, true),
            "prflx" => (IceCandidateType.PeerReflexive, true),
            "relay" => (IceCandidateType.Relayed, true),
            _ => (default, false),
        };
        return known;
    }

    private static string FormatType(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => "host",
        IceCandidateType.ServerReflexive => "srflx",
        IceCandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    private static string FormatAddress(TransportAddress address) =>
        address.Family == AddressFamily.InterNetworkV6
            ? address.ToIPAddress().ToString().Split('%')[0] // a scope means nothing to the far side
            : address.ToIPAddress().ToString();

    private static bool TryParseConnectionAddress(ReadOnlySpan<char> text, ushort port, out TransportAddress address, out string? hostName)
    {
        hostName = null;
        if (TryParseAddress(text, out var parsed))
        {
            address = TransportAddress.From(parsed!, port);
            return true;
        }

        address = TransportAddress.FromIPv4(0, port);
        hostName = IsHostName(text) ? text.ToString() : null;
        return hostName is not null;
    }

    /// <summary>Dotted quads and RFC 4291 text only: no zones, brackets, octal or short forms.</summary>
    private static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        if (text.Contains(':'))
        {
            return !text.ContainsAny("%[]/") && text.Length <= 45 && IPAddress.TryParse(text, out address)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
        }

        Span<byte> quad = stackalloc byte[4];
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            if (count == 4 || !TryParseNumber(text[range], 3, 255, out var part))
            {
                return false;
            }

            quad[count++] = (byte)part;
        }

        address = count == 4 ? new IPAddress(quad) : null;
        return address is not null;
    }

    private static bool IsHostName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaximumHostNameLength || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        var hasLetter = false; // digits and dots alone are a misspelt address
        foreach (var c in text)
        {
            hasLetter |= char.IsAsciiLetter(c);
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return hasLetter;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, int maximumDigits, uint maximum, out uint number)
    {
        number = 0;
        return text.Length >= 1 && text.Length <= maximumDigits
            && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum;
    }

    private struct Extensions
    {
        public TransportAddress? RelatedAddress;
        public string? TcpType;
        public string? UsernameFragment;
    }

    /// <summary>Fields separated by single spaces, after an optional <c>a=</c> and <c>candidate:</c>.</summary>
    private ref struct Fields
    {
        private ReadOnlySpan<char> _rest;

        public Fields(ReadOnlySpan<char> text)
        {
            if (text.StartsWith("a="))
            {
                text = text[2..];
            }

            if (text.StartsWith("candidate:", StringComparison.OrdinalIgnoreCase))
            {
                text = text["candidate:".Length..];
            }

            _rest = text.TrimEnd(" \r\n");
        }

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool TryNext(out ReadOnlySpan<char> field)
        {
            var space = _rest.IndexOf(' ');
            field = space < 0 ? _rest : _rest[..space];
            _rest = space < 0 ? default : _rest[(space + 1)..];
            return !field.IsEmpty;
        }
    }
}

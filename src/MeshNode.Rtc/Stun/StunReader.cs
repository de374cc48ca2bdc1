using System.Buffers.Binary;

namespace MeshNode.Rtc.Stun;

/// <summary>
/// A view of one STUN message in the datagram that brought it, RFC 8489 §5 and §14. Allocates nothing.
/// <code>
///  0                   1                   2                   3
/// |0 0|M11..M7 C1 M6..M4 C0 M3..M0|         Message Length        |
/// |                         Magic Cookie                          |
/// |                     Transaction ID (96 bits)                  |
/// |         Type                  |            Length             |  attributes, each
/// |                         Value (variable), padded to 32 bits   |
/// </code>
/// </summary>
internal readonly ref struct StunReader
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _authenticatedEnd; // offset of the first integrity attribute, or the message's end

    private StunReader(ReadOnlySpan<byte> message, int authenticatedEnd)
    {
        _message = message;
        _authenticatedEnd = authenticatedEnd;
    }

    public StunMessageClass Class => StunDatagram.ReadClass(_message);

    public int Method
    {
        get
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(_message);
            return (type & 0xF) | ((type & 0xE0) >> 1) | ((type & 0x3E00) >> 2);
        }
    }

    public StunTransactionId TransactionId => StunTransactionId.Read(_message[8..]);

    public int Length => _message.Length;

    /// <summary>False when the header or the bounds of any attribute are wrong, or FINGERPRINT is not last or not right.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunReader reader)
    {
        reader = default;
        // "The message length MUST contain the size of the message in bytes, not including the 20-byte STUN header ...
        // the last 2 bits of this field are always zero."
        if (!StunDatagram.IsStun(datagram)
            || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - StunDatagram.HeaderLength
            || (datagram.Length & 3) != 0)
        {
            return false;
        }

        var authenticatedEnd = datagram.Length;
        for (var offset = StunDatagram.HeaderLength; offset < datagram.Length;)
        {
            if (!TryReadAt(datagram, offset, out var attribute, out var next))
            {
                return false;
            }

            switch (attribute.Type)
            {
                case StunAttributeType.MessageIntegrity or StunAttributeType.MessageIntegritySha256:
                    authenticatedEnd = Math.Min(authenticatedEnd, offset);
                    break;
                // §14.7: "When present, the FINGERPRINT attribute MUST be the last attribute in the message."
                case StunAttributeType.Fingerprint when next != datagram.Length || !FingerprintMatches(datagram, attribute):
                    return false;
                default:
                    break;
            }

            offset = next;
        }

        reader = new StunReader(datagram, authenticatedEnd);
        return true;
    }

    /// <summary>All attributes in order, those after the integrity included.</summary>
    public Enumerator GetEnumerator() => new(_message, _message.Length);

    /// <summary>
    /// The first attribute of that type before the integrity. §14.5: "agents MUST ignore all other attributes that
    /// follow MESSAGE-INTEGRITY" except the SHA-256 form and FINGERPRINT.
    /// </summary>
    public bool TryFind(StunAttributeType type, out StunAttribute attribute)
    {
        for (var attributes = new Enumerator(_message, _authenticatedEnd); attributes.MoveNext();)
        {
            if (attributes.Current.Type == type)
            {
                attribute = attributes.Current;
                return true;
            }
        }

        attribute = default;
        return false;
    }

    public bool HasAttribute(StunAttributeType type) => TryFind(type, out _);

    public bool HasFingerprint => HasAttributeAnywhere(StunAttributeType.Fingerprint);

    /// <summary>One of the two integrity attributes is there.</summary>
    public bool HasIntegrity => HasAttributeAnywhere(StunAttributeType.MessageIntegrity) || HasAttributeAnywhere(StunAttributeType.MessageIntegritySha256);

    /// <summary>Checks the strongest integrity attribute that is there.</summary>
    /// <param name="key">For short-term credentials the password, UTF-8.</param>
    public StunIntegrityResult VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        var result = StunIntegrityResult.Missing;
        foreach (var attribute in this)
        {
            if (attribute.Type == StunAttributeType.MessageIntegritySha256)
            {
                return Verify(attribute, key, sha256: true);
            }

            if (attribute.Type == StunAttributeType.MessageIntegrity && result == StunIntegrityResult.Missing)
            {
                result = Verify(attribute, key, sha256: false);
            }
        }

        return result;
    }

    public bool TryReadUInt32(StunAttributeType type, out uint value)
    {
        value = 0;
        return TryFind(type, out var attribute) && attribute.Value.Length == 4
            && BinaryPrimitives.TryReadUInt32BigEndian(attribute.Value, out value);
    }

    public bool TryReadUInt64(StunAttributeType type, out ulong value)
    {
        value = 0;
        return TryFind(type, out var attribute) && attribute.Value.Length == 8
            && BinaryPrimitives.TryReadUInt64BigEndian(attribute.Value, out value);
    }

    /// <summary>§14.2: port and address XOR'ed with the cookie, for IPv6 with cookie and transaction id.</summary>
    public bool TryReadXorMappedAddress(out TransportAddress address)
    {
        address = default;
        if (!TryFind(StunAttributeType.XorMappedAddress, out var attribute))
        {
            return false;
        }

        var value = attribute.Value;
        var (length, family) = value.Length switch
        {
            8 => (4, 0x01),
            20 => (16, 0x02),
            _ => (0, 0),
        };
        if (length == 0 || value[1] != family)
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[16];
        for (var i = 0; i < length; i++)
        {
            plain[i] = (byte)(value[4 + i] ^ _message[4 + i]); // the message holds cookie, then transaction id
        }

        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (StunDatagram.MagicCookie >> 16));
        address = length == 4
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(plain), port)
            : TransportAddress.FromIPv6(plain, port);
        return true;
    }

    /// <summary>§14.8: class (hundreds, 3 to 6) and number (0 to 99); the reason phrase is for people and is not read.</summary>
    public bool TryReadErrorCode(out int code)
    {
        code = 0;
        if (!TryFind(StunAttributeType.ErrorCode, out var attribute) || attribute.Value.Length < 4)
        {
            return false;
        }

        var hundreds = attribute.Value[2] & 7;
        var number = attribute.Value[3];
        code = (hundreds * 100) + number;
        return hundreds is >= 3 and <= 6 && number <= 99;
    }

    /// <summary>Collects the comprehension-required attributes that we do not know, for UNKNOWN-ATTRIBUTES.</summary>
    /// <returns>How many were written; more than fit are left out.</returns>
    public int CopyUnknownAttributes(Span<ushort> destination)
    {
        var count = 0;
        for (var attributes = new Enumerator(_message, _authenticatedEnd); count < destination.Length && attributes.MoveNext();)
        {
            var attribute = attributes.Current;
            if (attribute.IsComprehensionRequired && !IsKnown(attribute.Type))
            {
                destination[count++] = (ushort)attribute.Type;
            }
        }

        return count;
    }

    private static bool IsKnown(StunAttributeType type) => type is
        StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity
        or StunAttributeType.ErrorCode or StunAttributeType.UnknownAttributes or StunAttributeType.Realm
        or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256 or StunAttributeType.PasswordAlgorithm
        or StunAttributeType.Userhash or StunAttributeType.XorMappedAddress or StunAttributeType.Priority
        or StunAttributeType.UseCandidate;

    private bool HasAttributeAnywhere(StunAttributeType type)
    {
        foreach (var attribute in this)
        {
            if (attribute.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    private StunIntegrityResult Verify(StunAttribute attribute, ReadOnlySpan<byte> key, bool sha256) =>
        StunIntegrity.Verify(_message, attribute.Offset, attribute.Value, key, sha256)
            ? StunIntegrityResult.Valid
            : StunIntegrityResult.Invalid;

    private static bool FingerprintMatches(ReadOnlySpan<byte> message, StunAttribute fingerprint) =>
        fingerprint.Value.Length == 4
        && BinaryPrimitives.ReadUInt32BigEndian(fingerprint.Value) == StunFingerprint.Compute(message[..fingerprint.Offset]);

    private static bool TryReadAt(ReadOnlySpan<byte> message, int offset, out StunAttribute attribute, out int next)
    {
        attribute = default;
        next = 0;
        if (message.Length - offset < 4)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]);
        next = offset + 4 + ((length + 3) & ~3);
        if (next > message.Length)
        {
            return false;
        }

        var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
        attribute = new StunAttribute(type, offset, message.Slice(offset + 4, length));
        return true;
    }

    /// <summary>Walks attributes whose bounds <see cref="TryParse"/> has checked.</summary>
    internal ref struct Enumerator(ReadOnlySpan<byte> message, int end)
    {
        private readonly ReadOnlySpan<byte> _message = message;
        private int _next = StunDatagram.HeaderLength;

        public StunAttribute Current { get; private set; }

        public bool MoveNext()
        {
            if (_next >= end || !TryReadAt(_message, _next, out var attribute, out var next))
            {
                return false;
            }

            Current = attribute;
            _next = next;
            return true;
        }
    }
}

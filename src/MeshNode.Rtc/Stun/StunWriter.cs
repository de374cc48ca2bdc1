using System.Buffers.Binary;

namespace MeshNode.Rtc.Stun;

/// <summary>
/// Writes one STUN message into a caller's buffer. Allocates nothing. Attributes are written in the order of the calls;
/// integrity comes after what it protects and FINGERPRINT last.
/// </summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;

    /// <param name="buffer">Long enough for everything that will be written; a shorter one is the caller's mistake and throws.</param>
    /// <param name="messageClass">Request, indication or response.</param>
    /// <param name="method">12 bits.</param>
    /// <param name="transactionId">In a response that of the request.</param>
    public StunWriter(Span<byte> buffer, StunMessageClass messageClass, int method, StunTransactionId transactionId)
    {
        _buffer = buffer;
        var bits = (int)messageClass;
        var type = (method & 0xF) | ((method & 0x70) << 1) | ((method & 0xF80) << 2) | ((bits & 1) << 4) | ((bits & 2) << 7);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunDatagram.MagicCookie);
        transactionId.Write(buffer[8..]);
        Length = StunDatagram.HeaderLength;
    }

    /// <summary>Bytes written so far, header included.</summary>
    public int Length { get; private set; }

    public void WriteBytes(StunAttributeType type, ReadOnlySpan<byte> value) => value.CopyTo(Append(type, value.Length));

    public void WriteFlag(StunAttributeType type) => Append(type, 0);

    public void WriteUInt32(StunAttributeType type, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(Append(type, 4), value);

    public void WriteUInt64(StunAttributeType type, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(Append(type, 8), value);

    public void WriteXorMappedAddress(TransportAddress address)
    {
        var value = Append(StunAttributeType.XorMappedAddress, 4 + address.AddressLength);
        value[0] = 0;
        value[1] = address.AddressLength == 4 ? (byte)0x01 : (byte)0x02;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunDatagram.MagicCookie >> 16)));
        address.WriteAddress(value[4..]);
        for (var i = 4; i < value.Length; i++)
        {
            value[i] ^= _buffer[i]; // the buffer holds cookie, then transaction id, from byte 4
        }
    }

    /// <param name="code">300 to 699.</param>
    /// <param name="reason">UTF-8, for people.</param>
    public void WriteErrorCode(int code, ReadOnlySpan<byte> reason)
    {
        var value = Append(StunAttributeType.ErrorCode, 4 + reason.Length);
        BinaryPrimitives.WriteUInt16BigEndian(value, 0);
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        reason.CopyTo(value[4..]);
    }

    public void WriteUnknownAttributes(ReadOnlySpan<ushort> types)
    {
        var value = Append(StunAttributeType.UnknownAttributes, 2 * types.Length);
        for (var i = 0; i < types.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(2 * i)..], types[i]);
        }
    }

    /// <summary>MESSAGE-INTEGRITY: HMAC-SHA1 over everything so far.</summary>
    public void WriteMessageIntegrity(ReadOnlySpan<byte> key) =>
        WriteIntegrity(StunAttributeType.MessageIntegrity, StunIntegrity.Sha1Length, key, sha256: false);

    /// <summary>MESSAGE-INTEGRITY-SHA256, untruncated.</summary>
    public void WriteMessageIntegritySha256(ReadOnlySpan<byte> key) =>
        WriteIntegrity(StunAttributeType.MessageIntegritySha256, StunIntegrity.Sha256Length, key, sha256: true);

    public void WriteFingerprint()
    {
        var end = Length;
        var value = Append(StunAttributeType.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, StunFingerprint.Compute(_buffer[..end]));
    }

    private void WriteIntegrity(StunAttributeType type, int length, ReadOnlySpan<byte> key, bool sha256)
    {
        var end = Length;
        var value = Append(type, length);
        StunIntegrity.Hash(_buffer[..end], key, value, sha256);
    }

    private Span<byte> Append(StunAttributeType type, int length)
    {
        var padded = (length + 3) & ~3;
        var attribute = _buffer.Slice(Length, 4 + padded);
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        attribute[(4 + length)..].Clear(); // §14: padding bits "MUST be set to zero on sending"
        Length += 4 + padded;
        StunIntegrity.SetLength(_buffer, Length);
        return attribute.Slice(4, length);
    }
}

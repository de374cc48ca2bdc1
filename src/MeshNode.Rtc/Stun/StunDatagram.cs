using System.Buffers.Binary;

namespace MeshNode.Rtc.Stun;

/// <summary>
/// What a shared port needs to know of a STUN message before its connection is found. Nothing here is authenticated.
/// </summary>
public static class StunDatagram
{
    /// <summary>Bytes before the first attribute.</summary>
    public const int HeaderLength = 20;

    /// <summary>RFC 8489 §5: "The Magic Cookie field MUST contain the fixed value 0x2112A442 in network byte order."</summary>
    public const uint MagicCookie = 0x2112A442;

    private const ushort UsernameType = 0x0006;

    /// <summary>RFC 7983: a first byte of 0 to 3 is STUN; with the cookie and a length that fits, it can be nothing else.</summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength && datagram[0] <= 3
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == MagicCookie;

    /// <param name="datagram">One for which <see cref="IsStun"/> holds.</param>
    public static StunMessageClass ReadClass(ReadOnlySpan<byte> datagram) =>
        (StunMessageClass)(((datagram[0] & 1) << 1) | ((datagram[1] >> 4) & 1));

    /// <summary>The first four bytes of the transaction id: our connection's tag when this answers one of our checks.</summary>
    /// <param name="datagram">One for which <see cref="IsStun"/> holds.</param>
    public static uint ReadTransactionTag(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);

    /// <summary>The whole USERNAME, <c>receiver's ufrag:sender's ufrag</c> in a connectivity check.</summary>
    public static bool TryReadUsername(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> username)
    {
        username = default;
        if (!IsStun(datagram))
        {
            return false;
        }

        for (var rest = datagram[HeaderLength..]; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            var padded = 4 + ((length + 3) & ~3);
            if (padded > rest.Length)
            {
                return false;
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == UsernameType)
            {
                username = rest.Slice(4, length);
                return true;
            }

            rest = rest[padded..];
        }

        return false;
    }

    /// <summary>The part of USERNAME before the colon: the ufrag of the connection that a check is meant for.</summary>
    public static bool TryReadReceiverFragment(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> fragment)
    {
        fragment = default;
        if (!TryReadUsername(datagram, out var username) || username.IndexOf((byte)':') is not (> 0 and var colon))
        {
            return false;
        }

        fragment = username[..colon];
        return true;
    }
}

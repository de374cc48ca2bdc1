using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>
/// State cookie (RFC 9260 §5.1.3): all that the answer to an INIT would have to remember, given to the far side instead, under
/// HMAC-SHA-256 with a secret of this association.
/// </summary>
internal readonly record struct StateCookie
{
    /// <summary>Version 4, created 8, six words, two counts, extensions 1, 7 of zeros, MAC 32.</summary>
    public const int Length = BodyLength + HMACSHA256.HashSizeInBytes;

    private const int BodyLength = 48;
    private const uint Version = 0x4D4E5331; // "MNS1"

    public MonotonicTime Created { get; init; }

    public VerificationTag LocalTag { get; init; }

    public VerificationTag PeerTag { get; init; }

    public Tsn LocalInitialTsn { get; init; }

    public Tsn PeerInitialTsn { get; init; }

    /// <summary>a_rwnd of the INIT in bytes.</summary>
    public uint PeerReceiveWindow { get; init; }

    /// <summary>Tag of an association that existed when the INIT came; zero when none did (RFC 9260 §5.2.2).</summary>
    public VerificationTag TieTag { get; init; }

    public ushort OutboundStreams { get; init; }

    public ushort InboundStreams { get; init; }

    /// <summary>What the far side announced.</summary>
    public Extensions PeerExtensions { get; init; }

    public void Write(Span<byte> destination, ReadOnlySpan<byte> secret)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Version);
        BinaryPrimitives.WriteInt64BigEndian(destination[4..], Created.Ticks);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], LocalTag.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], PeerTag.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], LocalInitialTsn.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], PeerInitialTsn.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[28..], PeerReceiveWindow);
        BinaryPrimitives.WriteUInt32BigEndian(destination[32..], TieTag.Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination[36..], OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(destination[38..], InboundStreams);
        destination[40..BodyLength].Clear();
        destination[40] = (byte)PeerExtensions;
        HMACSHA256.HashData(secret, destination[..BodyLength], destination[BodyLength..Length]);
    }

    /// <summary>False unless it was written with the same secret.</summary>
    public static bool TryParse(ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> secret, out StateCookie result)
    {
        result = default;
        if (cookie.Length != Length || BinaryPrimitives.ReadUInt32BigEndian(cookie) != Version)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, cookie[..BodyLength], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, cookie[BodyLength..]))
        {
            return false;
        }

        result = new StateCookie
        {
            Created = new MonotonicTime(BinaryPrimitives.ReadInt64BigEndian(cookie[4..])),
            LocalTag = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(cookie[12..])),
            PeerTag = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(cookie[16..])),
            LocalInitialTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(cookie[20..])),
            PeerInitialTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(cookie[24..])),
            PeerReceiveWindow = BinaryPrimitives.ReadUInt32BigEndian(cookie[28..]),
            TieTag = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(cookie[32..])),
            OutboundStreams = BinaryPrimitives.ReadUInt16BigEndian(cookie[36..]),
            InboundStreams = BinaryPrimitives.ReadUInt16BigEndian(cookie[38..]),
            PeerExtensions = (Extensions)cookie[40],
        };
        return true;
    }
}

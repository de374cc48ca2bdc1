using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// A sealed message on its way. Layout (big-endian):
/// <code>
/// header 82 | hopLimit u8 | pathCount u8 | path 32 × pathCount | enc 65 | sealedLength u32 | sealed
/// </code>
/// Hop limit and path are changed by every relay and trusted by nobody. Immutable; may be shared between threads.
/// </summary>
public sealed class Envelope
{
    /// <summary>Bytes of a whole envelope, at most.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The hop limit that a sender starts with, at most, and the length of a path, at most.</summary>
    public const int MaxHops = 16;

    /// <summary>The encapsulated key: an uncompressed P-256 point.</summary>
    public const int EncLength = P256.PointLength;

    private const int FixedLength = EnvelopeHeader.Length + 2 + EncLength + 4;

    private readonly PeerId[] _path;
    private readonly byte[] _enc;
    private readonly byte[] _sealed;

    internal Envelope(EnvelopeHeader header, byte hopLimit, PeerId[] path, byte[] enc, byte[] sealedBytes)
    {
        Header = header;
        HopLimit = hopLimit;
        _path = path;
        _enc = enc;
        _sealed = sealedBytes;
        DuplicateKey = HashOf(header, enc, sealedBytes);
    }

    public EnvelopeHeader Header { get; }

    public PeerId From => Header.From;

    public PeerId To => Header.To;

    public MessageId MessageId => Header.MessageId;

    /// <summary>How many more relays may pass it on.</summary>
    public byte HopLimit { get; }

    /// <summary>The relays that say they passed it on, first to last.</summary>
    public IReadOnlyList<PeerId> Path => _path;

    public ReadOnlySpan<byte> Enc => _enc;

    public ReadOnlySpan<byte> Sealed => _sealed;

    /// <summary>
    /// SHA-256 over header, <c>enc</c> and sealed bytes: what a relay knows an envelope by. A forged envelope with the
    /// same message id has another key, so it cannot make a relay drop the real one.
    /// </summary>
    public DuplicateKey DuplicateKey { get; }

    /// <summary>Bytes on the wire.</summary>
    public int Length => FixedLength + (_path.Length * PeerId.Length) + _sealed.Length;

    /// <summary>
    /// False when the layout is wrong, the version or suite is not ours (see <see cref="EnvelopeHeader.TryParse"/>), or a
    /// limit is exceeded. Copies what it keeps.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out Envelope? envelope)
    {
        envelope = null;
        if (source.Length > MaxLength || !EnvelopeHeader.TryParse(source, out var header) || !header.IsSupported)
        {
            return false;
        }

        var reader = new WireReader(source[EnvelopeHeader.Length..]);
        var hopLimit = reader.ReadByte();
        int pathCount = reader.ReadByte();
        var path = reader.ReadBytes(pathCount * PeerId.Length);
        var enc = reader.ReadBytes(EncLength);
        var sealedLength = reader.ReadUInt32();
        var sealedBytes = reader.ReadBytes(reader.Remaining);
        if (!reader.IsComplete || sealedLength != sealedBytes.Length || hopLimit > MaxHops || pathCount > MaxHops || enc[0] != 4)
        {
            return false;
        }

        var relays = new PeerId[pathCount];
        for (var index = 0; index < pathCount; index++)
        {
            relays[index] = new PeerId(path.Slice(index * PeerId.Length, PeerId.Length));
        }

        envelope = new Envelope(header, hopLimit, relays, enc.ToArray(), sealedBytes.ToArray());
        return true;
    }

    /// <summary>
    /// The envelope as the next relay sends it: one hop less, itself at the end of the path. False when no hop is left,
    /// the path is full, or the relay is on the path already (a loop), or the result would exceed <see cref="MaxLength"/>.
    /// </summary>
    public bool TryForward(PeerId relay, [NotNullWhen(true)] out Envelope? forwarded)
    {
        forwarded = null;
        if (HopLimit == 0 || _path.Length == MaxHops || _path.Contains(relay) || relay == From || Length + PeerId.Length > MaxLength)
        {
            return false;
        }

        forwarded = new Envelope(Header, (byte)(HopLimit - 1), [.. _path, relay], _enc, _sealed);
        return true;
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[Length];
        var writer = new WireWriter(bytes);
        Header.WriteTo(writer.Take(EnvelopeHeader.Length));
        writer.WriteByte(HopLimit);
        writer.WriteByte((byte)_path.Length);
        foreach (var relay in _path)
        {
            relay.WriteTo(writer.Take(PeerId.Length));
        }

        writer.WriteBytes(_enc);
        writer.WriteUInt32((uint)_sealed.Length);
        writer.WriteBytes(_sealed);
        return bytes;
    }

    private static DuplicateKey HashOf(EnvelopeHeader header, byte[] enc, byte[] sealedBytes)
    {
        Span<byte> headerBytes = stackalloc byte[EnvelopeHeader.Length];
        header.WriteTo(headerBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(headerBytes);
        hash.AppendData(enc);
        hash.AppendData(sealedBytes);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return new DuplicateKey(digest);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Routing;

/// <summary>
/// The signed record that floods through the mesh: who I am, what I open (boot nonce) and whom I am linked to. Layout (big-endian):
/// <code>
/// version u8 = 1 | flags u8 | bundleLength u16 | bundle | bootNonce 16 | sequence u64 | nameLength u8 | name utf-8
/// | neighbourCount u16 | {id 32 | rttMs u16} × neighbourCount | signature 64 over context ‖ everything before
/// </code>
/// An advert with a higher sequence replaces a lower one of the same peer. Immutable; may be shared between threads.
/// </summary>
public sealed class LinkAdvert
{
    public const byte Version = 1;
    public const int MaxNeighbours = 1024;

    /// <summary>Bytes of a display name, at most.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Bytes on the wire, at most.</summary>
    public const int MaxLength = FixedLength + KeyBundle.MaxLength + MaxNameLength + (MaxNeighbours * Neighbour.Length);

    private const int FixedLength = 1 + 1 + 2 + Identity.BootNonce.Length + 8 + 1 + 2 + P256.SignatureLength;

    private readonly byte[] _bytes;
    private readonly Neighbour[] _neighbours;
    private volatile int _verified; // 0 not asked, 1 yes, 2 no

    private LinkAdvert(byte[] bytes, KeyBundle bundle, PeerFlags flags, BootNonce bootNonce, ulong sequence, string name, Neighbour[] neighbours)
    {
        _bytes = bytes;
        _neighbours = neighbours;
        Bundle = bundle;
        Flags = flags;
        BootNonce = bootNonce;
        Sequence = sequence;
        Name = name;
    }

    public PeerId Id => Bundle.Id;

    public KeyBundle Bundle { get; }

    public PeerFlags Flags { get; }

    public BootNonce BootNonce { get; }

    /// <summary>Boot counter in the high 32 bits, a count in the low ones.</summary>
    public ulong Sequence { get; }

    /// <summary>For people; nothing hangs on it.</summary>
    public string Name { get; }

    public IReadOnlyList<Neighbour> Neighbours => _neighbours;

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Signs an advert.</summary>
    /// <param name="identity">Who.</param>
    /// <param name="flags">What it does.</param>
    /// <param name="sequence">From one <see cref="SequenceSource"/> for all adverts.</param>
    /// <param name="name">Printable, at most <see cref="MaxNameLength"/> bytes of UTF-8.</param>
    /// <param name="neighbours">At most <see cref="MaxNeighbours"/>; no one twice.</param>
    /// <exception cref="ArgumentException">A limit is exceeded or the name is not printable.</exception>
    public static LinkAdvert Create(NodeIdentity identity, PeerFlags flags, ulong sequence, string name, IReadOnlyCollection<Neighbour> neighbours)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(neighbours.Count, MaxNeighbours);
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var bundle = identity.Bundle.Bytes.Span;
        var bytes = new byte[FixedLength + bundle.Length + nameBytes.Length + (neighbours.Count * Neighbour.Length)];
        var writer = new WireWriter(bytes);
        writer.WriteByte(Version);
        writer.WriteByte((byte)flags);
        writer.WriteBytes16(bundle);
        identity.BootNonce.WriteTo(writer.Take(BootNonce.Length));
        writer.WriteUInt64(sequence);
        writer.WriteBytes8(nameBytes);
        writer.WriteUInt16((ushort)neighbours.Count);
        foreach (var neighbour in neighbours)
        {
            neighbour.Id.WriteTo(writer.Take(PeerId.Length));
            writer.WriteUInt16(neighbour.RoundTripMilliseconds);
        }

        writer.WriteBytes(identity.Sign(SignatureContext.Advert, bytes.AsSpan(0, writer.Position)));
        return TryParse(bytes, out var advert) && advert.Verify()
            ? advert
            : throw new ArgumentException($"The name must be printable and at most {MaxNameLength} bytes, and no neighbour may stand twice or be oneself.");
    }

    /// <summary>
    /// False when the layout is wrong, a key is no point of the curve, the name is not printable, or a neighbour stands twice or
    /// is the peer itself. Says nothing about signatures: <see cref="Verify"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out LinkAdvert? advert)
    {
        advert = null;
        var reader = new WireReader(source);
        var version = reader.ReadByte();
        var flags = (PeerFlags)reader.ReadByte();
        var bundleBytes = reader.ReadBytes16();
        var bootNonce = reader.ReadBytes(BootNonce.Length);
        var sequence = reader.ReadUInt64();
        var nameBytes = reader.ReadBytes8();
        int count = reader.ReadUInt16();
        var neighbourBytes = reader.ReadBytes(count * Neighbour.Length);
        reader.ReadBytes(P256.SignatureLength);
        if (!reader.IsComplete
            || version != Version
            || count > MaxNeighbours
            || nameBytes.Length > MaxNameLength
            || !WireText.TryRead(nameBytes, out var name)
            || !KeyBundle.TryParse(bundleBytes, out var bundle)
            || !TryReadNeighbours(neighbourBytes, bundle.Id, out var neighbours))
        {
            return false;
        }

        advert = new LinkAdvert(source.ToArray(), bundle, flags, new BootNonce(bootNonce), sequence, name, neighbours);
        return true;
    }

    /// <summary>Whether bundle and advert are signed. Costs two signature checks the first time, nothing after it.</summary>
    public bool Verify()
    {
        if (_verified == 0)
        {
            var signed = _bytes.AsSpan(0, _bytes.Length - P256.SignatureLength);
            var valid = Bundle.Verify()
                && P256.Verify(Bundle.SigningKey, [.. SignatureContext.Advert, .. signed], _bytes.AsSpan(signed.Length));
            _verified = valid ? 1 : 2;
        }

        return _verified == 1;
    }

    private static bool TryReadNeighbours(ReadOnlySpan<byte> source, PeerId self, out Neighbour[] neighbours)
    {
        neighbours = new Neighbour[source.Length / Neighbour.Length];
        var seen = new HashSet<PeerId>(neighbours.Length) { self };
        var reader = new WireReader(source);
        for (var index = 0; index < neighbours.Length; index++)
        {
            neighbours[index] = new Neighbour(new PeerId(reader.ReadBytes(PeerId.Length)), reader.ReadUInt16());
            if (!seen.Add(neighbours[index].Id))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// Who a peer is: SHA-256 of the 65 bytes of its root public key, so that an id cannot be claimed without the key.
/// 32 bytes on the wire, 52 lower-case base32 characters as text. Ordered as its bytes are.
/// </summary>
public readonly struct PeerId : IEquatable<PeerId>, IComparable<PeerId>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 32;

    /// <summary>Characters as text.</summary>
    public const int TextLength = 52;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public PeerId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A peer id has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The first characters of the text, enough to tell peers apart in a log.</summary>
    public string Short => ToString()[..8];

    /// <param name="rootKey">The root public key: 65 bytes, uncompressed SEC1 point.</param>
    public static PeerId FromRootKey(ReadOnlySpan<byte> rootKey)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(rootKey, hash);
        return new PeerId(hash);
    }

    /// <summary>Parses 52 base32 characters of either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var valid = Base32.TryDecode(text, bytes);
        id = valid ? new PeerId(bytes) : default;
        return valid;
    }

    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    public int CompareTo(PeerId other)
    {
        var order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    public bool Equals(PeerId other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is PeerId other && Equals(other);

    // An attacker can grind keys for chosen id bytes, so the hash is the runtime's randomised one.
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);
        return Base32.Encode(bytes);
    }

    public static bool operator ==(PeerId left, PeerId right) => left.Equals(right);

    public static bool operator !=(PeerId left, PeerId right) => !left.Equals(right);

    public static bool operator <(PeerId left, PeerId right) => left.CompareTo(right) < 0;

    public static bool operator >(PeerId left, PeerId right) => left.CompareTo(right) > 0;

    public static bool operator <=(PeerId left, PeerId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PeerId left, PeerId right) => left.CompareTo(right) >= 0;
}

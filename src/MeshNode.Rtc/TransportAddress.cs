using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MeshNode.Rtc;

/// <summary>
/// An IP address and port as a value: no allocation to make, compare or hash, unlike <see cref="IPEndPoint"/>.
/// The scope id counts only for IPv6 link-local addresses (RFC 4007).
/// </summary>
public readonly struct TransportAddress : IEquatable<TransportAddress>
{
    private readonly ulong _high; // IPv6 bytes 0-7, big-endian; 0 for IPv4
    private readonly ulong _low;  // IPv6 bytes 8-15, or the IPv4 address in the lower 32 bits
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly bool _isIPv6;

    private TransportAddress(ulong high, ulong low, uint scopeId, ushort port, bool isIPv6)
    {
        _high = high;
        _low = low;
        _scopeId = scopeId;
        _port = port;
        _isIPv6 = isIPv6;
    }

    /// <summary>True unless this is <c>default</c> or an IPv4 wildcard with port 0.</summary>
    public bool IsSpecified => _isIPv6 || _low != 0 || _port != 0;

    public ushort Port => _port;

    public uint ScopeId => _scopeId;

    public AddressFamily Family => _isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <summary>4 for IPv4, 16 for IPv6.</summary>
    public int AddressLength => _isIPv6 ? 16 : 4;

    public bool IsLoopback => _isIPv6 ? _high == 0 && _low == 1 : (_low >> 24) == 127;

    /// <summary>IPv6 fe80::/10 or IPv4 169.254/16.</summary>
    public bool IsLinkLocal => _isIPv6 ? (_high >> 54) == 0x3FA : (_low >> 16) == 0xA9FE;

    public bool IsWildcard => _high == 0 && _low == 0;

    public static TransportAddress FromIPv4(uint address, ushort port) => new(0, address, 0, port, false);

    /// <param name="address">Exactly 16 bytes in network order.</param>
    /// <param name="port">UDP or TCP port.</param>
    /// <param name="scopeId">Interface index; kept only for link-local addresses.</param>
    public static TransportAddress FromIPv6(ReadOnlySpan<byte> address, ushort port, uint scopeId = 0)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(address);
        var low = BinaryPrimitives.ReadUInt64BigEndian(address[8..]);
        return new(high, low, (high >> 54) == 0x3FA ? scopeId : 0, port, true);
    }

    public static TransportAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port)
            : FromIPv6(bytes, (ushort)port, (uint)address.ScopeId);
    }

    public static TransportAddress From(IPEndPoint endPoint) => From(endPoint.Address, endPoint.Port);

    /// <summary>Parses <c>192.0.2.1:5000</c> or <c>[2001:db8::1]:5000</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TransportAddress address)
    {
        address = default;
        if (!IPEndPoint.TryParse(text, out var endPoint))
        {
            return false;
        }

        address = From(endPoint);
        return true;
    }

    /// <summary>Writes the address alone, in network order, and returns 4 or 16.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (!_isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    public TransportAddress WithPort(int port) => new(_high, _low, _scopeId, (ushort)port, _isIPv6);

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteAddress(bytes);
        return length == 4 ? new IPAddress(bytes[..4]) : new IPAddress(bytes, _scopeId);
    }

    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), _port);

    public bool Equals(TransportAddress other) =>
        _low == other._low && _high == other._high && _port == other._port && _scopeId == other._scopeId && _isIPv6 == other._isIPv6;

    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, _port);

    public override string ToString() => ToIPEndPoint().ToString();

    public static bool operator ==(TransportAddress left, TransportAddress right) => left.Equals(right);

    public static bool operator !=(TransportAddress left, TransportAddress right) => !left.Equals(right);
}

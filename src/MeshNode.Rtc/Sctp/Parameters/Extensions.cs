namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>What an endpoint announces beyond RFC 9260 in its INIT or INIT ACK; kept in the state cookie as one byte.</summary>
[Flags]
internal enum Extensions : byte
{
    None = 0,

    /// <summary>FORWARD TSN (RFC 3758).</summary>
    ForwardTsn = 1,

    /// <summary>RE-CONFIG (RFC 6525).</summary>
    ReConfig = 2,

    /// <summary>I-DATA (RFC 8260).</summary>
    IData = 4,

    /// <summary>I-FORWARD-TSN (RFC 8260).</summary>
    IForwardTsn = 8,

    /// <summary>Packets without a checksum are welcome, since DTLS finds errors (RFC 9653).</summary>
    ZeroChecksum = 16,
}

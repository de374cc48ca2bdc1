using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// What the callbacks of one SSL read and write. Native memory, owned by <see cref="SslHandle"/>,
/// touched only by the thread that calls into that SSL.
/// </summary>
internal unsafe struct DatagramBioState
{
    /// <summary>The largest digest that a fingerprint holds: SHA-512's 64 bytes.</summary>
    public const int MaxDigestLength = 64;

    /// <summary>Of several fingerprints with the strongest hash, so many are compared.</summary>
    public const int MaxFingerprints = 4;

    /// <summary>The datagram that the SSL reads next; null when there is none. Pinned by the caller during the call.</summary>
    public byte* Input;
    public int InputLength;

    /// <summary>Where the next record goes without being queued; null when nothing may leave directly.</summary>
    public byte* Output;
    public int OutputCapacity;
    public int OutputLength;

    /// <summary>Datagrams that wait to be sent (handshake flights and alerts), each behind its length as an Int32.</summary>
    public byte* Queue;
    public int QueueCapacity;
    public int QueueStart;
    public int QueueEnd;

    /// <summary>OpenSSL's own timer value (before 3.2), which our deadline runs out by writing {0, 1} to it.</summary>
    public TimeValue* NextTimeout;

    /// <summary>Whether OpenSSL 3.2 or later, which hands over a copy of its timer, runs it now.</summary>
    public bool TimerRuns;

    /// <summary>Counts the flights for which a timer was started, so that each begins with the initial timeout.</summary>
    public uint Flights;

    /// <summary>What the timer callback returns, in microseconds: an hour where our deadline decides.</summary>
    public uint TimerMicroseconds;

    /// <summary>EVP_MD* with which the peer's certificate is compared.</summary>
    public nint Digest;
    public int DigestLength;
    public int FingerprintCount;
    public fixed byte Fingerprints[MaxFingerprints * MaxDigestLength];

    /// <summary>Set by the verify callback alone, when the certificate matched one of the fingerprints.</summary>
    public bool PeerMatched;

    /// <summary>Set by the verify callback when the certificate matched none.</summary>
    public bool PeerMismatched;
}

/// <summary>C's struct timeval, whose two fields are longs on the systems we run on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeValue
{
    public CLong Seconds;
    public CLong Microseconds;

    public readonly bool IsZero => Seconds.Value == 0 && Microseconds.Value == 0;
}

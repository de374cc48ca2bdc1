using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>Probes an idle path (RFC 9260 §8.3). One HEARTBEAT is unanswered at a time; its info is a nonce that cannot be guessed.</summary>
internal sealed class HeartbeatHandler(SctpConfiguration configuration, RandomSource jitter, RandomSource secure, RtoEstimator rto, TimerTable timers)
{
    private const int InfoLength = 16;
    private const int MaxEchoedInfo = 512; // bytes; a probe of ours or of any sane stack is smaller

    private ulong _nonce;
    private MonotonicTime _sentAt;
    private bool _isAwaiting;
    private bool _isDue;
    private byte[]? _echo;

    public bool IsDue => _isDue || _echo is not null;

    /// <summary>Begins, or begins again after the path was used, an interval of idleness.</summary>
    public void Restart(MonotonicTime now)
    {
        _isAwaiting = false;
        if (configuration.HeartbeatInterval == TimeSpan.Zero)
        {
            return;
        }

        // §8.3: "HB.interval … with jittering of +/- 50% of the RTO value".
        var spread = (jitter.NextDouble() - 0.5) * rto.Rto.Ticks;
        timers.Start(SctpTimer.Heartbeat, now + configuration.HeartbeatInterval + rto.Rto + TimeSpan.FromTicks((long)spread));
    }

    /// <summary>The timer expired. True when a HEARTBEAT went unanswered, which counts as an error of the path.</summary>
    public bool HandleTimeout(MonotonicTime now, MonotonicTime lastSent)
    {
        if (!_isAwaiting && now - lastSent < configuration.HeartbeatInterval && lastSent != default)
        {
            Restart(now); // DATA probes the path as well
            return false;
        }

        var wasUnanswered = _isAwaiting;
        if (wasUnanswered)
        {
            rto.Backoff();
        }

        _isAwaiting = true;
        _isDue = true;
        timers.Start(SctpTimer.Heartbeat, now + rto.Rto);
        return wasUnanswered;
    }

    /// <summary>A HEARTBEAT came; it is answered with its own info.</summary>
    public void HandleHeartbeat(ReadOnlySpan<byte> info)
    {
        if (info.Length <= MaxEchoedInfo)
        {
            _echo = info.ToArray();
        }
    }

    /// <summary>True when it answers the HEARTBEAT that is unanswered.</summary>
    public bool TryHandleAck(MonotonicTime now, ReadOnlySpan<byte> info, bool mayRestart)
    {
        if (!_isAwaiting || info.Length != InfoLength || BinaryPrimitives.ReadUInt64BigEndian(info) != _nonce)
        {
            return false;
        }

        rto.Observe(now - _sentAt);
        _isAwaiting = false;
        if (mayRestart)
        {
            Restart(now);
        }

        return true;
    }

    public void Write(MonotonicTime now, ref PacketWriter writer)
    {
        if (_echo is { } echo && writer.TryReserve(HeartbeatChunk.Overhead + echo.Length, out var answer))
        {
            HeartbeatChunk.Write(answer, ChunkType.HeartbeatAck, echo);
            _echo = null;
        }

        if (_isDue && writer.TryReserve(HeartbeatChunk.Overhead + InfoLength, out var chunk))
        {
            _nonce = secure.NextUInt64();
            _sentAt = now;
            _isDue = false;
            Span<byte> info = stackalloc byte[InfoLength];
            info.Clear();
            BinaryPrimitives.WriteUInt64BigEndian(info, _nonce);
            HeartbeatChunk.Write(chunk, ChunkType.Heartbeat, info);
        }
    }
}

using System.Buffers.Binary;
using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;

namespace MeshNode.SimNet.Simulation;

/// <summary>Numbered messages of one channel in one direction; every one carries a pattern that follows from its number.</summary>
internal sealed class SimulatedFlow(string name, DataChannelInit init, RandomSource random)
{
    private readonly List<int> _sizes = [];
    private readonly HashSet<int> _received = [];
    private int _last = -1;

    public DataChannel? Channel { get; set; }

    public bool IsReliable => init is { MaxRetransmits: null, MaxPacketLifeTime: null };

    /// <summary>How many the application wants to have sent.</summary>
    public int Wanted { get; set; }

    public bool IsSent => _sizes.Count >= Wanted;

    /// <summary>Everything that was to be sent and must arrive, has arrived.</summary>
    public bool IsComplete => IsSent && (!IsReliable || _received.Count == _sizes.Count);

    /// <summary>Sends up to so many; returns what is wrong.</summary>
    public string? Send(MonotonicTime now, int count)
    {
        for (; count > 0 && !IsSent && Channel is { ReadyState: DataChannelState.Open } channel; count--)
        {
            var number = _sizes.Count;
            var size = 4 + random.NextInt32(20) switch { 0 => random.NextInt32(60_000), < 4 => random.NextInt32(4_000), _ => random.NextInt32(200) };
            var message = new byte[size];
            message.AsSpan().Fill((byte)number);
            BinaryPrimitives.WriteInt32BigEndian(message, number);
            var result = channel.Send(now, message, DataChannelMessageKind.Binary);
            if (result == DataChannelSendResult.BufferFull)
            {
                return null;
            }

            if (result != DataChannelSendResult.Sent)
            {
                return $"{name}: {result}";
            }

            _sizes.Add(size);
        }

        return null;
    }

    /// <summary>Takes a message at the far side; returns what is wrong with it.</summary>
    public string? Receive(ReadOnlySpan<byte> message)
    {
        var number = message.Length < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(message);
        if (number < 0 || number >= _sizes.Count)
        {
            return $"{name}: message {number} was never sent";
        }

        if (_sizes[number] != message.Length || message[4..].ContainsAnyExcept((byte)number))
        {
            return $"{name}: message {number} is damaged";
        }

        if (!_received.Add(number))
        {
            return $"{name}: message {number} came twice";
        }

        if (init.Ordered && (IsReliable ? number != _last + 1 : number <= _last))
        {
            return $"{name}: message {number} came after {_last}";
        }

        _last = number;
        return null;
    }

    public override string ToString() => $"{name} {_received.Count}/{_sizes.Count}/{Wanted}";
}

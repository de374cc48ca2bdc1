using System.Buffers.Binary;

namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>Takes the time that stamped messages of this machine were under way.</summary>
internal sealed class LateMode(StdioChannel channel, int count) : StdioMode("late", channel)
{
    public override bool Receives => true;

    public override void Receive(ReadOnlySpan<byte> message)
    {
        if (message.Length < StampMode.StampLength)
        {
            return;
        }

        Samples.Add(StdioOutput.Now - BinaryPrimitives.ReadInt64LittleEndian(message));
        Bytes += message.Length;
        if (Samples.Count == count)
        {
            Channel.Complete(this);
        }
    }
}

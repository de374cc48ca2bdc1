using BenchmarkDotNet.Attributes;
using MeshNode.Rtc.Sctp;

namespace MeshNode.Benchmarks.Cases.Allocations;

/// <summary>The checksum of a packet.</summary>
public class Crc32cBenchmark
{
    private readonly byte[] _packet = new byte[1160];

    [Benchmark(Description = "CRC32c of a packet of 1,160 bytes")]
    public uint Compute() => Crc32c.ComputePacket(_packet);
}

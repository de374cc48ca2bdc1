using System.Text;
using MeshNode.Rtc.Sdp;
using MeshNode.Rtc.Tests.Sdp;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>Session descriptions, mutated by bytes and by lines. What is accepted must come back the same when it is written out.</summary>
internal sealed class SdpTarget : FuzzTarget
{
    public override string Name => "sdp";

    public override IReadOnlyList<byte[]> Seeds => [.. Samples.Select(Encoding.UTF8.GetBytes)];

    public override long AllocationLimit => 512 * 1024;

    internal static IReadOnlyList<string> Samples => [SdpSamples.Chromium, SdpSamples.Firefox];

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        var text = MoveLines(Encoding.UTF8.GetString(input), random);
        var type = random.NextInt32(2) == 0 ? SdpType.Offer : SdpType.Answer;
        if (!DataChannelSdp.TryParse(type, text, out var description, out var error))
        {
            Assert.NotEmpty(error.Message);
            return Feature(0, Kind(error.Message));
        }

        var written = description.ToSdp();
        Assert.True(DataChannelSdp.TryParse(type, written, out var again, out error), $"{error?.Message} in {written}");
        Assert.Equal(written, again.ToSdp());
        return Feature(1, (int)type, description.Sections.Count, Bucket(description.Candidates.Count), description.Fingerprints.Count, (int)description.Setup);
    }

    /// <summary>Repeats, drops or moves a line.</summary>
    internal static string MoveLines(string text, RandomSource random)
    {
        if (random.NextInt32(2) == 0)
        {
            return text;
        }

        var lines = text.Split('\n').ToList();
        var line = lines[random.NextInt32(lines.Count)];
        switch (random.NextInt32(3))
        {
            case 0:
                lines.Insert(random.NextInt32(lines.Count), line);
                break;
            case 1:
                lines.Remove(line);
                break;
            default:
                lines.Remove(line);
                lines.Insert(random.NextInt32(lines.Count + 1), line);
                break;
        }

        return string.Join('\n', lines);
    }

    /// <summary>An error without its line number.</summary>
    internal static int Kind(string error)
    {
        var hash = 17;
        foreach (var c in error)
        {
            hash = char.IsDigit(c) ? hash : unchecked((hash * 31) + c);
        }

        return hash;
    }
}

using System.Globalization;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Tests.Fuzzing.Targets;

namespace MeshNode.Rtc.Tests.Fuzzing;

/// <summary>
/// Inputs that once did harm, or that stand at an edge where they could: a file each, with the reason in its first lines, the
/// target, the seed of its life, and the inputs in hexadecimal digits, one a line. A failure of the fuzzer prints them in this form.
/// </summary>
public sealed class RegressionCorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus");

    private static readonly Dictionary<string, Func<FuzzTarget>> Targets = new Func<FuzzTarget>[]
    {
        () => new StunTarget(),
        () => new SdpTarget(),
        () => new CandidateTarget(),
        () => new DcepTarget(),
        () => new ChunkTarget(),
        () => new DemultiplexerTarget(),
        () => new TransportTarget(),
    }
        .Concat(Enum.GetValues<SctpState>().Select(state => (Func<FuzzTarget>)(() => new AssociationTarget(state))))
        .Concat(Enum.GetValues<IceConnectionState>().Select(state => (Func<FuzzTarget>)(() => new IceTarget(state))))
        .Concat(Enum.GetValues<PeerConnectionState>().Select(state => (Func<FuzzTarget>)(() => new PeerConnectionTarget(state))))
        .Concat(Enum.GetValues<DtlsTarget.Moment>().Select(moment => (Func<FuzzTarget>)(() => new DtlsTarget(moment))))
        .ToDictionary(make => make().Name, StringComparer.Ordinal);

    public static TheoryData<string> Files() => [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Does_no_harm_any_more(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        Assert.StartsWith("# ", lines[0], StringComparison.Ordinal); // the reason
        var body = lines.SkipWhile(line => line.StartsWith('#')).ToArray();
        var target = Value(body[0], "target: ");
        var seed = ulong.Parse(Value(body[1], "seed: "), CultureInfo.InvariantCulture);
        var inputs = body.Skip(2).Select(line => Convert.FromHexString(line.Replace(" ", "", StringComparison.Ordinal))).ToArray();
        Assert.NotEmpty(inputs);
        Fuzzer.Replay(Targets[target](), inputs, seed);
    }

    private static string Value(string line, string name)
    {
        Assert.StartsWith(name, line, StringComparison.Ordinal);
        return line[name.Length..];
    }
}

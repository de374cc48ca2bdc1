namespace MeshNode.Benchmarks.Stacks;

/// <summary>A WebRTC stack in a process that speaks the lines of <c>-- stdio</c>.</summary>
/// <param name="Name">In tables and for <c>--stacks</c>.</param>
/// <param name="FileName">Program.</param>
/// <param name="Arguments">Of both ends.</param>
/// <param name="ClientArguments">More of the end that offers, and that may have many connections to the other.</param>
/// <param name="Environment">Variables.</param>
/// <param name="NeedsPackages">It comes from npm.</param>
internal sealed record PeerStack(
    string Name,
    string FileName,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> ClientArguments,
    IReadOnlyDictionary<string, string> Environment,
    bool NeedsPackages)
{
    public const string MeshNode = "meshnode";
    public const string LibDataChannel = "libdatachannel";
    public const string LibWebRtc = "libwebrtc";

    private static readonly Dictionary<string, string> None = [];

    /// <summary>Without <c>--stacks</c>.</summary>
    public static IReadOnlyList<PeerStack> Default => [.. All.Where(stack => !stack.Name.EndsWith("-jumbo", StringComparison.Ordinal))];

    /// <summary>@roamhq/wrtc 0.10 often ends with a segmentation fault when a connection is closed whose queue is not empty.</summary>
    public bool CrashesWhenBusy => Name == LibWebRtc;

    public static IReadOnlyList<PeerStack> All { get; } =
    [
        Ours(),
        Script(LibDataChannel, "libdatachannel.mjs", None),
        Script(LibWebRtc, "libwebrtc.mjs", None),
        Script($"{LibDataChannel}-jumbo", "libdatachannel.mjs", new() { ["PEER_MTU"] = "4000" }),
    ];

    /// <summary>By names between commas; null, with a message, when one is unknown.</summary>
    public static IReadOnlyList<PeerStack>? Parse(string? names)
    {
        if (names is null)
        {
            return Default;
        }

        var stacks = new List<PeerStack>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (All.FirstOrDefault(one => one.Name == name) is not { } stack)
            {
                Console.Error.WriteLine($"--stacks: {name} is none of {string.Join(", ", All.Select(one => one.Name))}");
                return null;
            }

            stacks.Add(stack);
        }

        return stacks;
    }

    private static PeerStack Ours()
    {
        // The program itself: its host, or `dotnet` with its assembly.
        var program = System.Environment.ProcessPath!;
        var assembly = typeof(PeerStack).Assembly.Location;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [assembly, "stdio"] : ["stdio"];
        return new PeerStack(MeshNode, program, arguments, ["--sources"], None, NeedsPackages: false);
    }

    private static PeerStack Script(string name, string file, Dictionary<string, string> environment) =>
        new(name, "node", [Path.Combine(JsPackages.Scripts, file)], [], environment, NeedsPackages: true);
}

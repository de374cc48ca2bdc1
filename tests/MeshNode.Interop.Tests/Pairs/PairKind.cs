namespace MeshNode.Interop.Tests.Pairs;

/// <summary>Which stacks meet, and who offers. The pairs without MeshNode show that the harness itself works.</summary>
public static class PairKind
{
    public static IReadOnlyList<(string Offerer, string Answerer)> All { get; } =
    [
        (Stack.MeshNode, Stack.Chromium),
        (Stack.Chromium, Stack.MeshNode),
        (Stack.MeshNode, Stack.LibDataChannel),
        (Stack.LibDataChannel, Stack.MeshNode),
        (Stack.MeshNode, Stack.LibWebRtc),
        (Stack.LibWebRtc, Stack.MeshNode),
        (Stack.MeshNode, Stack.Aiortc),
        (Stack.Aiortc, Stack.MeshNode),
        (Stack.MeshNode, Stack.MeshNode),
        (Stack.Chromium, Stack.LibDataChannel),
        (Stack.LibDataChannel, Stack.Chromium),
        (Stack.Aiortc, Stack.LibWebRtc),
    ];

    /// <summary>The pairs of which <paramref name="claim"/> is made in one direction at least.</summary>
    public static TheoryData<string, string> For(Claim claim)
    {
        var data = new TheoryData<string, string>();
        foreach (var (offerer, answerer) in All)
        {
            if (KnownLimits.Ways(claim, offerer, answerer).Any())
            {
                data.Add(offerer, answerer);
            }
        }

        return data;
    }
}

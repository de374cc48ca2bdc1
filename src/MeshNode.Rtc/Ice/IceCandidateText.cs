namespace MeshNode.Rtc.Ice;

internal static class IceCandidateText
{
    public static bool TryParse(ReadOnlySpan<char> text, out IceCandidate? candidate) => throw new NotImplementedException();

    public static string Format(IceCandidate candidate) => throw new NotImplementedException();
}

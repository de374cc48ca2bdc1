using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc;

/// <summary>Trickled candidates that overtook their description, kept until it is applied (RFC 8838 section 12 wants no loss).</summary>
internal sealed class EarlyCandidates
{
    /// <summary>Kept at most; the oldest gives way.</summary>
    public const int Limit = 100;

    private readonly List<(string? UsernameFragment, IceCandidate? Candidate)> _kept = [];

    /// <param name="usernameFragment">The generation that it belongs to; null when the peer did not say.</param>
    /// <param name="candidate">Null for end-of-candidates.</param>
    public void Keep(string? usernameFragment, IceCandidate? candidate)
    {
        if (_kept.Contains((usernameFragment, candidate)))
        {
            return;
        }

        if (_kept.Count == Limit)
        {
            _kept.RemoveAt(0);
        }

        _kept.Add((usernameFragment, candidate));
    }

    /// <summary>Takes those of one generation, or of an unnamed one, in the order of their arrival.</summary>
    public IReadOnlyList<IceCandidate?> Take(string usernameFragment)
    {
        var taken = _kept.FindAll(k => k.UsernameFragment is null || k.UsernameFragment == usernameFragment);
        _kept.RemoveAll(k => k.UsernameFragment is null || k.UsernameFragment == usernameFragment);
        return taken.ConvertAll(k => k.Candidate);
    }
}

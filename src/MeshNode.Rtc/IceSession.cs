using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sdp;

namespace MeshNode.Rtc;

/// <summary>
/// Owns the ICE agent with what outlives its generations: the candidates of both sides, the credentials of a restart
/// that is being negotiated, and those of the generation before.
/// </summary>
internal sealed class IceSession
{
    private readonly PeerConnectionConfiguration _configuration;
    private readonly EarlyCandidates _early = new();
    private readonly List<IceCandidate> _localCandidates = [];
    private readonly List<IceCandidate> _remoteCandidates = []; // of the generation in use
    private IceCredentials _local;
    private IceCredentials? _offered; // of a restart, from CreateOffer or CreateAnswer until it is set
    private IceCredentials? _previous; // of the generation before, until a new path is selected
    private bool _remoteComplete;

    public IceSession(PeerConnectionConfiguration configuration)
    {
        _configuration = configuration;
        _local = IceCredentials.Create(configuration.Secure);
        TransactionTag = configuration.Secure.NextUInt32();
        Agent = new IceAgent(configuration.Ice, IceRole.Controlled, _local, TransactionTag, configuration.Jitter, configuration.Secure);
    }

    public IceAgent Agent { get; }

    public uint TransactionTag { get; }

    public string LocalUsernameFragment => _local.UsernameFragment;

    /// <summary>The previous generation's fragment while it may still be used; null otherwise.</summary>
    public string? PreviousUsernameFragment => _previous?.UsernameFragment;

    public IReadOnlyList<IceCandidate> LocalCandidates => _localCandidates;

    public bool LocalCandidatesComplete { get; set; }

    /// <summary>The credentials that the next description carries: new ones where it restarts ICE.</summary>
    public IceCredentials Offer(bool restarts)
    {
        _offered = restarts ? IceCredentials.Create(_configuration.Secure) : null;
        return _offered ?? _local;
    }

    /// <summary>The description with the offered credentials is set. True when that restarts ICE.</summary>
    public bool CommitOffered(MonotonicTime now)
    {
        if (_offered is not { } credentials)
        {
            return false;
        }

        Restart(now, credentials);
        return true;
    }

    /// <summary>False when the candidate is known already or the transport policy leaves it out.</summary>
    public bool AddLocalCandidate(MonotonicTime now, IceCandidate candidate)
    {
        if ((_configuration.IceTransportPolicy == IceTransportPolicy.Relay && candidate.Type != IceCandidateType.Relayed)
            || _localCandidates.Contains(candidate))
        {
            return false;
        }

        Agent.AddLocalCandidate(now, candidate);
        _localCandidates.Add(candidate);
        return true;
    }

    /// <summary>Local candidates from an index on, marked with the generation that they belong to.</summary>
    public IEnumerable<IceCandidate> CandidatesToTrickle(int from) =>
        _localCandidates.Skip(from).Select(candidate => candidate with { UsernameFragment = LocalUsernameFragment });

    /// <summary>Takes a trickled candidate, or null for their end; keeps it when its generation is not in use yet.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="generation">The remote fragment that it belongs to; null when the peer did not say.</param>
    /// <param name="candidate">Null for end-of-candidates.</param>
    /// <param name="isOfferPending">A remote offer waits for its answer, so that an unnamed candidate belongs to it.</param>
    public void AddTrickled(MonotonicTime now, string? generation, IceCandidate? candidate, bool isOfferPending)
    {
        var inUse = Agent.RemoteCredentials?.UsernameFragment;
        if (inUse is null || (generation is null ? isOfferPending : generation != inUse))
        {
            _early.Keep(generation, candidate);
        }
        else
        {
            AddRemoteCandidate(now, candidate);
        }
    }

    /// <summary>Both descriptions are known: uses the peer's credentials and candidates.</summary>
    public void Apply(MonotonicTime now, DataChannelSdp remote)
    {
        if (Agent.RemoteCredentials != remote.Credentials)
        {
            _remoteCandidates.Clear();
            _remoteComplete = false;
            Agent.SetRemoteCredentials(now, remote.Credentials);
        }

        foreach (var candidate in remote.Candidates)
        {
            AddRemoteCandidate(now, candidate);
        }

        foreach (var candidate in _early.Take(remote.Credentials.UsernameFragment))
        {
            AddRemoteCandidate(now, candidate);
        }

        if (remote.EndOfCandidates)
        {
            AddRemoteCandidate(now, null);
        }
    }

    /// <summary>
    /// An offer was taken back. Had it restarted ICE, the peer never answered its credentials: the old ones, which it
    /// still knows, check the path again. True when they do.
    /// </summary>
    public bool TakeBack(MonotonicTime now, IceCredentials? negotiatedLocal, IceCredentials? negotiatedRemote)
    {
        _offered = null;
        if (negotiatedLocal is not { } local || negotiatedRemote is not { } remote || local == _local)
        {
            return false;
        }

        Restart(now, local);
        Agent.SetRemoteCredentials(now, remote);
        foreach (var candidate in _remoteCandidates)
        {
            Agent.AddRemoteCandidate(now, candidate);
        }

        if (_remoteComplete)
        {
            Agent.SetRemoteCandidatesComplete(now);
        }

        return true;
    }

    /// <summary>A path of the new generation is selected: the previous one ends. False when there was none.</summary>
    public bool EndPreviousGeneration()
    {
        var had = _previous is not null;
        _previous = null;
        return had;
    }

    private void AddRemoteCandidate(MonotonicTime now, IceCandidate? candidate)
    {
        if (candidate is null)
        {
            _remoteComplete = true;
            Agent.SetRemoteCandidatesComplete(now);
        }
        else if (Agent.AddRemoteCandidate(now, candidate))
        {
            _remoteCandidates.Add(candidate);
        }
    }

    private void Restart(MonotonicTime now, IceCredentials credentials)
    {
        _offered = null;
        _previous = _local;
        _local = credentials;
        Agent.Restart(now, credentials);
    }
}

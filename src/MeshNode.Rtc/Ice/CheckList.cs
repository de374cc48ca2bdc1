namespace MeshNode.Rtc.Ice;

/// <summary>
/// The pairs of one generation, RFC 8445 §6.1.2: formed as candidates arrive (RFC 8838 §12), best first, bounded,
/// with the triggered-check queue beside them.
/// </summary>
internal sealed class CheckList(IceGeneration generation, IceAgentConfiguration configuration, IceRole role)
{
    /// <summary>
    /// A second triggered check on a pair waits this long after the first, so that two agents whose answers get lost
    /// cannot trigger each other at the pace of the round trip.
    /// </summary>
    private static readonly TimeSpan TriggerSpacing = TimeSpan.FromMilliseconds(50);

    private readonly List<CandidatePair> _pairs = []; // greatest priority first
    private readonly Queue<CandidatePair> _triggered = new();
    private readonly List<IceCandidate> _locals = [];
    private IceRole _role = role;

    public IReadOnlyList<CandidatePair> Pairs => _pairs;

    public bool HasTriggered => _triggered.Count > 0;

    public bool HasOrdinary => _pairs.Exists(pair => pair.State is CandidatePairState.Waiting or CandidatePairState.Frozen && !pair.IsTriggered);

    public int ActiveCount => _pairs.Count(pair => pair.State is CandidatePairState.Waiting or CandidatePairState.InProgress);

    public bool HasNominated => _pairs.Exists(pair => pair.IsNominated);

    /// <summary>The valid pair of greatest priority.</summary>
    public CandidatePair? BestValid => _pairs.Find(pair => pair.State == CandidatePairState.Succeeded);

    public CandidatePair? Find(in TransportPath path)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Path == path)
            {
                return pair;
            }
        }

        return null;
    }

    public IceCandidate? FindLocal(TransportAddress address) => _locals.Find(candidate => candidate.Address == address);

    public void AddLocal(IceCandidate local, IReadOnlyList<RemoteCandidate> remotes)
    {
        _locals.Add(local);
        foreach (var remote in remotes)
        {
            if (CanPair(local.Address, remote.Address))
            {
                Add(local, remote);
            }
        }
    }

    public void AddRemote(RemoteCandidate remote)
    {
        foreach (var local in _locals)
        {
            if (CanPair(local.Address, remote.Address))
            {
                Add(local, remote);
            }
        }
    }

    /// <summary>
    /// Adds the pair unless it is there. RFC 8445 §6.1.2.4's pruning follows: a pair is known by its base and remote
    /// address, and reflexive locals are never added, so no two pairs can be redundant.
    /// </summary>
    /// <returns>Null when the list is full of better ones.</returns>
    public CandidatePair? Add(IceCandidate local, RemoteCandidate remote)
    {
        var path = new TransportPath(local.Address, RemoteCandidateSet.WithScope(remote.Address, local.Address.ScopeId));
        if (Find(path) is { } known)
        {
            return known;
        }

        var pair = new CandidatePair(generation, local, remote, path) { Priority = PriorityOf(local, remote) };
        if (_pairs.Count >= configuration.MaximumPairs && !TryMakeRoom(pair.Priority))
        {
            return null;
        }

        // RFC 8838 §12: Waiting unless a pair of the same foundation goes first.
        var isFirst = !_pairs.Exists(other => other.HasSameFoundation(pair)
            && other.State is CandidatePairState.Frozen or CandidatePairState.Waiting or CandidatePairState.InProgress);
        pair.State = isFirst ? CandidatePairState.Waiting : CandidatePairState.Frozen;
        var index = _pairs.FindIndex(other => other.Priority < pair.Priority);
        _pairs.Insert(index < 0 ? _pairs.Count : index, pair);
        return pair;
    }

    /// <summary>Call when the role or a remote candidate's priority has changed.</summary>
    public void Reprioritize(IceRole newRole)
    {
        var hasRoleChanged = _role != newRole;
        _role = newRole;
        foreach (var pair in _pairs)
        {
            if (hasRoleChanged)
            {
                (pair.WantsNomination, pair.NominateOnSuccess) = (false, false);
            }

            pair.Priority = PriorityOf(pair.Local, pair.Remote);
        }

        _pairs.Sort((a, b) => b.Priority.CompareTo(a.Priority));
    }

    /// <returns>False when it is queued already or was triggered a moment ago.</returns>
    public bool TryTrigger(MonotonicTime now, CandidatePair pair)
    {
        if (pair.IsTriggered || (pair.TriggeredAt is { } last && now - last < TriggerSpacing))
        {
            return false;
        }

        Enqueue(now, pair);
        return true;
    }

    /// <summary>As <see cref="TryTrigger"/>, whatever happened before: for a nomination, or a changed role.</summary>
    public void Enqueue(MonotonicTime now, CandidatePair pair)
    {
        if (!pair.IsTriggered)
        {
            pair.IsTriggered = true;
            pair.TriggeredAt = now;
            _triggered.Enqueue(pair);
        }
    }

    public CandidatePair? TakeTriggered()
    {
        if (!_triggered.TryDequeue(out var pair))
        {
            return null;
        }

        pair.IsTriggered = false;
        return pair;
    }

    /// <summary>
    /// The next ordinary check, RFC 8445 §6.1.4.2: the best Waiting pair, or else the best Frozen one. The RFC would
    /// leave a Frozen pair until its whole foundation is done; one silent address would then hold up its twin for
    /// the length of a transaction.
    /// </summary>
    public CandidatePair? TakeOrdinary() =>
        _pairs.Find(pair => pair.State == CandidatePairState.Waiting && !pair.IsTriggered)
        ?? _pairs.Find(pair => pair.State == CandidatePairState.Frozen && !pair.IsTriggered);

    /// <summary>RFC 8445 §7.2.5.3.3: success unfreezes the pairs of the same foundation.</summary>
    public void Unfreeze(CandidatePair succeeded)
    {
        foreach (var pair in _pairs)
        {
            if (pair.State == CandidatePairState.Frozen && pair.HasSameFoundation(succeeded))
            {
                pair.State = CandidatePairState.Waiting;
            }
        }
    }

    /// <summary>
    /// RFC 8445 §8.1.2: what has not succeeded when a pair is nominated is not checked any more. What is better and on
    /// its way to be nominated too goes on: the far side may have taken that nomination, and only its answer got lost.
    /// </summary>
    /// <param name="nominated">Null stops everything.</param>
    public void StopChecks(CandidatePair? nominated)
    {
        for (var i = _triggered.Count; i > 0; i--)
        {
            var pair = _triggered.Dequeue();
            pair.IsTriggered = GoesOn(pair, nominated);
            if (pair.IsTriggered)
            {
                _triggered.Enqueue(pair);
            }
        }

        _pairs.RemoveAll(pair => pair.State is CandidatePairState.Frozen or CandidatePairState.Waiting && !GoesOn(pair, nominated));
        foreach (var pair in _pairs)
        {
            if (pair.State == CandidatePairState.InProgress && !GoesOn(pair, nominated))
            {
                pair.State = CandidatePairState.Failed;
                pair.Current = null;
            }
        }
    }

    /// <summary>Whether <see cref="StopChecks"/> leaves the pair alone.</summary>
    public static bool GoesOn(CandidatePair pair, CandidatePair? nominated) =>
        nominated is not null
        && (pair == nominated || ((pair.WantsNomination || pair.NominateOnSuccess) && pair.Priority > nominated.Priority));

    private ulong PriorityOf(IceCandidate local, RemoteCandidate remote) =>
        IcePriority.Pair(_role, local.Priority, remote.Candidate.Priority);

    private bool TryMakeRoom(ulong priority)
    {
        var index = _pairs.FindLastIndex(pair => !pair.IsTriggered
            && pair.State is CandidatePairState.Frozen or CandidatePairState.Waiting or CandidatePairState.Failed);
        if (index < 0 || _pairs[index].Priority >= priority)
        {
            return false;
        }

        _pairs.RemoveAt(index);
        return true;
    }

    /// <summary>
    /// RFC 8445 §6.1.2.2: same family, and link-local with link-local only. A remote loopback address is paired with a
    /// local one only, so that the far side cannot point our checks at this machine's own services.
    /// </summary>
    private static bool CanPair(TransportAddress local, TransportAddress remote) =>
        local.Family == remote.Family
        && (local.AddressLength == 4 || local.IsLinkLocal == remote.IsLinkLocal)
        && (!remote.IsLoopback || local.IsLoopback);
}

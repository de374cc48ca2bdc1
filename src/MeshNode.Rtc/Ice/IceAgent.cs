using System.Net;
using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>
/// A full ICE agent (RFC 8445, trickle 8838, consent 7675) for one data stream of one component. Sans-IO: it is fed
/// datagrams and the time, and asked for datagrams, events and the next timeout. After every call the owner drains
/// <see cref="TryTransmit"/> and <see cref="TryReadEvent"/>. Touched by one thread.
/// </summary>
public sealed class IceAgent
{
    /// <summary>The least length of the buffer given to <see cref="TryTransmit"/>, in bytes; a request with the longest names fits.</summary>
    public const int MinimumTransmitBuffer = 640;

    private readonly IceAgentConfiguration _configuration;
    private readonly ConnectivityChecks _checks;
    private readonly List<IceCandidate> _localCandidates = [];
    private readonly List<IceCandidate> _earlyCandidates = []; // remote ones of a generation whose credentials are not known yet
    private MonotonicTime _now; // of the latest call

    /// <param name="configuration">Paces, timeouts, limits.</param>
    /// <param name="role">Offerers control, unless the far side is lite; see <see cref="SetRole"/>.</param>
    /// <param name="local">Ours for this generation.</param>
    /// <param name="transactionTag">The first four bytes of every transaction id made here, by which a shared port routes answers.</param>
    /// <param name="jitter">For timers.</param>
    /// <param name="secure">For transaction ids and tie-breaker.</param>
    public IceAgent(
        IceAgentConfiguration configuration, IceRole role, IceCredentials local, uint transactionTag, RandomSource jitter, RandomSource secure)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(jitter);
        ArgumentNullException.ThrowIfNull(secure);
        ThrowIfIllFormed(local, nameof(local));
        _configuration = configuration;
        _checks = new ConnectivityChecks(configuration, role, local, transactionTag, jitter, secure);
    }

    public IceRole Role => _checks.Role;

    public IceCredentials LocalCredentials => Current.Local;

    public IceCredentials? RemoteCredentials => Current.Remote;

    public IceConnectionState State => _checks.State;

    /// <summary>Where data goes: the nominated pair's path, and before nomination that of the first pair that succeeded.</summary>
    public TransportPath? SelectedPath => _checks.Selected?.Path;

    public IceCandidate? SelectedLocalCandidate => _checks.Selected is { } pair ? pair.Reflexive ?? pair.Local : null;

    public IceCandidate? SelectedRemoteCandidate => _checks.Selected?.Remote.Candidate;

    /// <summary>Smoothed, of the selected path; null until a check was answered at its first transmission.</summary>
    public TimeSpan? RoundTripTime => _checks.RoundTripTime;

    /// <summary>RFC 8838 §13: the far side has said that no more candidates come in this generation.</summary>
    public bool IsRemoteComplete => Current.IsRemoteComplete;

    /// <summary>Names (mDNS) of remote candidates that wait for <see cref="ResolveRemoteHostName"/>.</summary>
    public IReadOnlyList<string> UnresolvedHostNames => [.. Current.Remotes.UnresolvedHostNames];

    public IceStatistics Statistics => _checks.Statistics;

    /// <summary>When to call <see cref="HandleTimeout"/> and drain <see cref="TryTransmit"/> next; null when nothing is due ever.</summary>
    public MonotonicTime? NextTimeout =>
        _checks.IsReadyToSend ? MonotonicTime.Earliest(_checks.NextTimeout, _now) : _checks.NextTimeout;

    private IceGeneration Current => _checks.Current;

    /// <summary>Sets the role that signalling decided on. Later only a role conflict changes it.</summary>
    /// <exception cref="InvalidOperationException">Checks have started: the far side's credentials are set.</exception>
    public void SetRole(IceRole role)
    {
        if (Current.Remote is not null)
        {
            throw new InvalidOperationException("Set the ICE role before the remote credentials.");
        }

        _checks.SetRole(role);
    }

    /// <summary>Adds an address of ours to pair. Only host candidates are known to the agent so far.</summary>
    /// <param name="now">The time.</param>
    /// <param name="candidate">Of type host, UDP, with a unicast address; one with a known address is passed over.</param>
    public void AddLocalCandidate(MonotonicTime now, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Type != IceCandidateType.Host || candidate.HostName is not null || !RemoteCandidateSet.IsUsable(candidate, _configuration with { AcceptsLoopback = true }))
        {
            throw new ArgumentException($"Not a UDP host candidate with a unicast address: {candidate}", nameof(candidate));
        }

        _now = now;
        if (State == IceConnectionState.Closed || _localCandidates.Exists(known => known.Address == candidate.Address))
        {
            return;
        }

        _localCandidates.Add(candidate);
        if (!Current.Checks.HasNominated)
        {
            Current.Checks.AddLocal(candidate, Current.Remotes.Usable);
        }
    }

    /// <summary>Starts checks: with them our requests can be signed. The candidates that came early join.</summary>
    /// <exception cref="InvalidOperationException">Other credentials are set already; <see cref="Restart"/> comes first.</exception>
    public void SetRemoteCredentials(MonotonicTime now, IceCredentials remote)
    {
        ThrowIfIllFormed(remote, nameof(remote));
        _now = now;
        if (State == IceConnectionState.Closed || Current.Remote == remote)
        {
            return;
        }

        if (Current.Remote is not null)
        {
            throw new InvalidOperationException("Remote ICE credentials change only with a restart: call Restart first.");
        }

        Current.SetRemote(remote);
        foreach (var candidate in _earlyCandidates)
        {
            if (candidate.UsernameFragment is not { } fragment || fragment == remote.UsernameFragment)
            {
                TryPairRemote(candidate);
            }
        }

        _earlyCandidates.Clear();
        _checks.Begin(now);
    }

    /// <summary>Takes a signalled candidate, in any order relative to credentials and checks.</summary>
    /// <returns>False when it is a duplicate, unusable (TCP, another component, not unicast) or over the limit.</returns>
    public bool AddRemoteCandidate(MonotonicTime now, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        _now = now;
        if (State == IceConnectionState.Closed || !RemoteCandidateSet.IsUsable(candidate, _configuration))
        {
            return false;
        }

        var isOfCurrent = Current.Remote is { } remote
            && (candidate.UsernameFragment is not { } fragment || fragment == remote.UsernameFragment);
        if (isOfCurrent)
        {
            return TryPairRemote(candidate);
        }

        if (_earlyCandidates.Count >= _configuration.MaximumRemoteCandidates || _earlyCandidates.Contains(candidate))
        {
            return false;
        }

        _earlyCandidates.Add(candidate);
        return true;
    }

    /// <summary>Gives the address behind a name of <see cref="UnresolvedHostNames"/>.</summary>
    /// <returns>False when no usable candidate came of it.</returns>
    public bool ResolveRemoteHostName(MonotonicTime now, string hostName, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        ArgumentNullException.ThrowIfNull(address);
        _now = now;
        var isUsed = false;
        foreach (var candidate in Current.Remotes.Resolve(hostName, address))
        {
            isUsed |= RemoteCandidateSet.IsUsable(candidate, _configuration) && TryPairRemote(candidate);
        }

        return isUsed;
    }

    /// <summary>RFC 8838 §13, end-of-candidates of the current generation. Later candidates are still taken.</summary>
    public void SetRemoteCandidatesComplete(MonotonicTime now)
    {
        _now = now;
        Current.IsRemoteComplete = true;
        _checks.Nominate(now);
    }

    /// <summary>
    /// RFC 8445 §9: new credentials, new checks. Data stays on the selected path until the new generation has one.
    /// The far side's new credentials follow by <see cref="SetRemoteCredentials"/>.
    /// </summary>
    public void Restart(MonotonicTime now, IceCredentials local)
    {
        ThrowIfIllFormed(local, nameof(local));
        _now = now;
        if (State == IceConnectionState.Closed)
        {
            return;
        }

        _checks.Restart(local);
        foreach (var candidate in _localCandidates)
        {
            Current.Checks.AddLocal(candidate, []);
        }
    }

    /// <summary>An integrity-valid check or response was seen on the path.</summary>
    public bool IsPathAuthenticated(in TransportPath path) => _checks.IsPathAuthenticated(path);

    /// <summary>Ends it at once and silently: ICE has no farewell.</summary>
    public void Close() => _checks.Close();

    /// <param name="now">The time.</param>
    /// <param name="path">Where the datagram came from and to.</param>
    /// <param name="datagram">One for which <see cref="StunDatagram.IsStun"/> holds; anything else is counted and dropped.</param>
    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        if (State != IceConnectionState.Closed)
        {
            _checks.HandleDatagram(now, path, datagram);
        }
    }

    public void HandleTimeout(MonotonicTime now)
    {
        _now = now;
        if (State != IceConnectionState.Closed)
        {
            _checks.HandleTimeout(now);
        }
    }

    /// <summary>Writes the next datagram that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">At least <see cref="MinimumTransmitBuffer"/> bytes.</param>
    /// <param name="transmit">How long it is and where it goes.</param>
    /// <returns>False when nothing is due.</returns>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MinimumTransmitBuffer);
        _now = now;
        return _checks.TryTransmit(now, destination, out transmit);
    }

    public bool TryReadEvent(out IceEvent iceEvent) => _checks.TryReadEvent(out iceEvent);

    private bool TryPairRemote(IceCandidate candidate)
    {
        if (!Current.Remotes.TryAdd(candidate, out var added, out var improved))
        {
            return false;
        }

        if (improved is not null)
        {
            Current.Checks.Reprioritize(Role);
        }
        else if (added is not null && !Current.Checks.HasNominated)
        {
            Current.Checks.AddRemote(added);
        }

        return true;
    }

    private static void ThrowIfIllFormed(IceCredentials credentials, string name)
    {
        if (!credentials.IsWellFormed)
        {
            throw new ArgumentException("ICE credentials need a ufrag of 4 to 256 and a password of 22 to 256 ice-chars (RFC 8839 §5.4).", name);
        }
    }
}

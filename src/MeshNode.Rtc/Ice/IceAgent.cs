namespace MeshNode.Rtc.Ice;

#pragma warning disable
/// <summary>Public form; the body follows on this branch.</summary>
public sealed class IceAgent
{
    /// <summary>The least length of the buffer given to <see cref="TryTransmit"/>, in bytes.</summary>
    public const int MinimumTransmitBuffer = 1200;

    public IceAgent(IceAgentConfiguration configuration, IceRole role, IceCredentials local, uint transactionTag, RandomSource jitter, RandomSource secure) => throw new NotImplementedException();
    public IceRole Role => throw new NotImplementedException();
    public IceCredentials LocalCredentials => throw new NotImplementedException();
    public IceCredentials? RemoteCredentials => throw new NotImplementedException();
    public IceConnectionState State => throw new NotImplementedException();
    public TransportPath? SelectedPath => throw new NotImplementedException();
    public IceCandidate? SelectedLocalCandidate => throw new NotImplementedException();
    public IceCandidate? SelectedRemoteCandidate => throw new NotImplementedException();
    public TimeSpan? RoundTripTime => throw new NotImplementedException();
    public MonotonicTime? NextTimeout => throw new NotImplementedException();
    /// <summary>Names (mDNS) of remote candidates that wait for <see cref="ResolveRemoteHostName"/>.</summary>
    public IReadOnlyList<string> UnresolvedHostNames => throw new NotImplementedException();
    public void SetRole(IceRole role) => throw new NotImplementedException();
    public void AddLocalCandidate(MonotonicTime now, IceCandidate candidate) => throw new NotImplementedException();
    public void SetRemoteCredentials(MonotonicTime now, IceCredentials remote) => throw new NotImplementedException();
    public bool AddRemoteCandidate(MonotonicTime now, IceCandidate candidate) => throw new NotImplementedException();
    public bool ResolveRemoteHostName(MonotonicTime now, string hostName, System.Net.IPAddress address) => throw new NotImplementedException();
    public void SetRemoteCandidatesComplete(MonotonicTime now) => throw new NotImplementedException();
    public void Restart(MonotonicTime now, IceCredentials local) => throw new NotImplementedException();
    public bool IsPathAuthenticated(in TransportPath path) => throw new NotImplementedException();
    public void Close() => throw new NotImplementedException();
    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram) => throw new NotImplementedException();
    public void HandleTimeout(MonotonicTime now) => throw new NotImplementedException();
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out Transmit transmit) => throw new NotImplementedException();
    public bool TryReadEvent(out IceEvent iceEvent) => throw new NotImplementedException();
}

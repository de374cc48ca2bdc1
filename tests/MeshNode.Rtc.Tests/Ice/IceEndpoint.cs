using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Ice;

/// <summary>One agent on the harness with its addresses and what it reported.</summary>
internal sealed class IceEndpoint
{
    private readonly IceHarness _harness;
    private readonly HashSet<TransportAddress> _addresses = [];

    public IceEndpoint(IceHarness harness, IceRole role, IceAgentConfiguration configuration, uint tag, ulong seed)
    {
        _harness = harness;
        Secure = new SeededRandomSource(seed);
        Agent = new IceAgent(configuration, role, IceCredentials.Create(Secure), tag, new SeededRandomSource(seed + 1), Secure);
    }

    public IceAgent Agent { get; }

    public SeededRandomSource Secure { get; }

    public List<IceCandidate> Candidates { get; } = [];

    public List<(MonotonicTime At, IceEvent Event)> Events { get; } = [];

    public IEnumerable<IceConnectionState> States =>
        Events.Where(e => e.Event.Kind == IceEventKind.StateChanged).Select(e => e.Event.State);

    public bool IsCompleted => Agent.State == IceConnectionState.Completed;

    /// <summary>Adds a host candidate; the earlier, the more preferred.</summary>
    public void AddLocal(string address)
    {
        var candidate = IceCandidate.Host(Address(address), (ushort)(65535 - (Candidates.Count * 256)));
        Candidates.Add(candidate);
        _addresses.Add(candidate.Address);
        Agent.AddLocalCandidate(_harness.Now, candidate);
    }

    /// <summary>Receives on an address that is no candidate.</summary>
    public void Listen(string address) => _addresses.Add(Address(address));

    public bool Owns(TransportAddress address) => _addresses.Contains(address);

    public MonotonicTime? TimeOf(IceConnectionState state)
    {
        foreach (var (at, iceEvent) in Events)
        {
            if (iceEvent.Kind == IceEventKind.StateChanged && iceEvent.State == state)
            {
                return at;
            }
        }

        return null;
    }

    public static TransportAddress Address(string text)
    {
        Assert.True(TransportAddress.TryParse(text, out var address), text);
        return address;
    }
}

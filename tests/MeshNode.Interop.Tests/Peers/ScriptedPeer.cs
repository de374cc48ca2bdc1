using System.Text.Json;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>A far side that runs elsewhere and speaks the JSON verbs and events of <c>js/</c> and <c>py/</c>; how they travel is up to the heir.</summary>
internal abstract class ScriptedPeer(string stack) : IRemotePeer
{
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Stack { get; } = stack;

    public EventLog Events { get; } = new(stack);

    public Action<PeerSignal>? Signaled { get; set; }

    public Task CreateChannelAsync(ChannelPlan plan) =>
        SendCommandAsync(new
        {
            Do = "channel",
            plan.Label,
            plan.Ordered,
            plan.MaxRetransmits,
            plan.MaxPacketLifeTime,
            plan.Negotiated,
            plan.Id,
            plan.Protocol,
        });

    public Task OfferAsync() => SendCommandAsync(new { Do = "offer" });

    public Task RestartIceAsync() => SendCommandAsync(new { Do = "restart" });

    public Task AcceptAsync(PeerSignal signal) => signal switch
    {
        DescriptionSignal description => SendCommandAsync(new { Do = "remote", description.Sdp, description.Type }),
        CandidateSignal candidate => SendCommandAsync(new { Do = "candidate", Cand = candidate.Candidate, candidate.Mid }),
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "Not a signal that a far side knows."),
    };

    public Task SendAsync(string label, bool text, int size, int seed) => SendCommandAsync(new { Do = "send", label, text, size, seed });

    public Task CloseChannelAsync(string label) => SendCommandAsync(new { Do = "closeChannel", label });

    public Task CloseAsync() => SendCommandAsync(new { Do = "close" });

    public abstract Task KillAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task WriteAsync(string json);

    /// <summary>The stack's own name and version, once it has started.</summary>
    protected Task<string> Ready => _ready.Task;

    /// <summary>One line that the far side wrote.</summary>
    protected void Receive(string json)
    {
        using var document = JsonDocument.Parse(json);
        var line = document.RootElement;
        if (line.TryGetProperty("sdp", out var sdp))
        {
            Signal(new DescriptionSignal(line.GetProperty("type").GetString()!, sdp.GetString()!));
        }
        else if (line.TryGetProperty("cand", out var candidate))
        {
            Signal(new CandidateSignal(candidate.GetString()!, line.GetProperty("mid").GetString()!));
        }
        else if (line.GetProperty("event").GetString() == "ready")
        {
            _ready.TrySetResult(line.GetProperty("version").GetString()!);
        }
        else
        {
            Events.Add(line.Deserialize<PeerEvent>(FarSideJson.Options)!);
        }
    }

    protected void FailToStart(string reason) => _ready.TrySetException(new InvalidOperationException($"{Stack} did not start: {reason}"));

    private void Signal(PeerSignal signal)
    {
        Events.Note(signal.ToString());
        Signaled?.Invoke(signal);
    }

    private Task SendCommandAsync<T>(T command)
    {
        var json = JsonSerializer.Serialize(command, FarSideJson.Options);
        Events.Note($"<- {json}");
        return WriteAsync(json);
    }
}

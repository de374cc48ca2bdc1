using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

/// <summary>A persistent actor that does what a test tells it, and tells a probe what happens to it.</summary>
internal sealed class ScriptedActor : ReceivePersistentActor
{
    private readonly IActorRef _probe;
    private readonly ScriptedOptions _options;

    public ScriptedActor(string persistenceId, IActorRef probe, ScriptedOptions? options = null)
    {
        PersistenceId = persistenceId;
        _probe = probe;
        _options = options ?? new ScriptedOptions();
        Recover<RecoveryCompleted>(_ =>
        {
            probe.Tell("ready");
            _options.OnCompleted?.Invoke(this);
        });
        RecoverAny(message =>
        {
            _options.OnRecover?.Invoke(this, message);
            probe.Tell(message is SnapshotOffer offer ? $"snapshot {offer.Snapshot} at {offer.Metadata.SequenceNr}" : $"recovered {message}");
        });
        Command<Action<ScriptedActor>>(action => action(this));
        CommandAsync<Func<ScriptedActor, Task>>(action => action(this));
        Command<string>(text => text.StartsWith("stash ", StringComparison.Ordinal) && !IsOpen, _ => Stash.Stash());
        Command<string>(text => probe.Tell($"command {text}"));
        CommandAny(message => probe.Tell(message));
    }

    public override string PersistenceId { get; }

    public bool IsOpen { get; set; }

    public override Recovery Recovery => _options.Recovery;

    public override IStashOverflowStrategy InternalStashOverflowStrategy => _options.Overflow ?? base.InternalStashOverflowStrategy;

    protected override Fence? Fence => _options.Fence;

    public IActorRef CurrentSender => Sender;

    public void Tell(object message) => _probe.Tell(message);

    /// <summary>A handler that reports the event with its number.</summary>
    public void Handled(string @event) => _probe.Tell($"handled {@event} {LastSequenceNr}");

    public void StopSelf() => Context.Stop(Self);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _probe.Tell(new Trouble("failure", cause, @event, sequenceNr));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _probe.Tell(new Trouble("rejected", cause, @event, sequenceNr));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _probe.Tell(new Trouble("recovery", reason, message, LastSequenceNr));

    protected override void PostStop()
    {
        _probe.Tell("stopped");
        base.PostStop();
    }
}

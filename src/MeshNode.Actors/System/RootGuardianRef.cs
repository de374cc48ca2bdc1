namespace MeshNode.Actors;

/// <summary>The top of the tree: no actor, only the parent of the two guardians. A guardian that fails ends the system.</summary>
internal sealed class RootGuardianRef(ActorSystemImpl system, Action<LocalActorRef> guardianStopped) : InternalActorRef
{
    private readonly Dictionary<string, LocalActorRef> _guardians = new(StringComparer.Ordinal);

    public override ActorPath Path { get; } = ActorPath.Root(system.Name);

    public override ActorSystemImpl System => system;

    public LocalActorRef StartGuardian(string name, SupervisorStrategy strategy)
    {
        var guardian = new LocalActorRef(
            system, Props.Create(() => new GuardianActor(), strategy), system.Dispatchers.DefaultGlobalDispatcher, this, ChildName.Of(name, 0));
        _guardians.Add(name, guardian);
        guardian.Start();
        return guardian;
    }

    public override void Tell(object message, IActorRef? sender) => system.DeadLetters.Tell(message, sender);

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case FailedMessage failed:
                system.Log.Error(failed.Cause, "The failure reached the top: the system stops");
                system.Terminate();
                break;
            case DeathWatchNotification { Actor: LocalActorRef guardian }:
                guardianStopped(guardian);
                break;
        }
    }

    public override InternalActorRef? GetChild(string name) => _guardians.GetValueOrDefault(name);

    public override IReadOnlyList<IActorRef> GetChildren() => [.. _guardians.Values];

    private sealed class GuardianActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}

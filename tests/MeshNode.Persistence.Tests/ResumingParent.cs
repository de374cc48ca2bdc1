namespace MeshNode.Persistence.Tests;

/// <summary>Has one child, which goes on after failures as if nothing had been; passes messages on to it.</summary>
internal sealed class ResumingParent : UntypedActor
{
    private readonly IActorRef _child;

    public ResumingParent(Props child) => _child = Context.ActorOf(child);

    protected override void OnReceive(object message) => _child.Forward(message);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Resume);
}

namespace MeshNode.Actors;

internal class LocalActorRef : InternalActorRef
{
    private readonly InternalActorRef _parent;
    private readonly Mailbox _mailbox;
    private ActorPath? _path; // made when first asked for: most actors never are

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, InternalActorRef parent, ChildName name)
    {
        _parent = parent;
        ChildName = name;
        _mailbox = new ActorCell(system, this, props, dispatcher).Mailbox;
    }

    public ChildName ChildName { get; }

    /// <summary>Owned by the parent's <see cref="ChildrenContainer"/>.</summary>
    public int PlaceAmongSiblings { get; set; }

    public override ActorPath Path => _path ??= _parent.Path.Child(ChildName.ToString(), ChildName.Uid);

    public override ActorSystemImpl System => Cell.SystemImpl;

    public override InternalActorRef Parent => _parent;

    public override bool IsTerminated => _mailbox.IsClosed;

    internal ActorCell Cell => _mailbox.Cell;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        _mailbox.Post(message, sender);
    }

    public override void SendSystemMessage(SystemMessage message) => _mailbox.PostSystem(message);

    public override InternalActorRef? GetChild(string name) => Cell.Children?.Find(name);

    public override IReadOnlyList<IActorRef> GetChildren() => Cell.Children?.Snapshot() ?? [];

    /// <summary>Lets the first run create the actor, on its dispatcher.</summary>
    public virtual void Start() => _mailbox.Start();
}

namespace MeshNode.Actors;

internal class LocalActorRef : InternalActorRef
{
    private readonly InternalActorRef _parent;
    private readonly string _name;
    private readonly long _uid;
    private readonly Mailbox _mailbox;
    private ActorPath? _path; // made when first asked for: most actors never are

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, InternalActorRef parent, string name, long uid)
    {
        _parent = parent;
        _name = name;
        _uid = uid;
        _mailbox = new ActorCell(system, this, props, dispatcher).Mailbox;
    }

    public string Name => _name;

    public override ActorPath Path => _path ??= _parent.Path.Child(_name, _uid);

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

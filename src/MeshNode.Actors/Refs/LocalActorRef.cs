namespace MeshNode.Actors;

internal class LocalActorRef : InternalActorRef
{
    private readonly InternalActorRef _parent;
    private readonly string _name;
    private readonly long _uid;
    private readonly ActorCell _cell;
    private ActorPath? _path; // made when first asked for: most actors never are

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, InternalActorRef parent, string name, long uid)
    {
        _parent = parent;
        _name = name;
        _uid = uid;
        _cell = new ActorCell(system, this, props, dispatcher);
    }

    public string Name => _name;

    public override ActorPath Path => _path ??= _parent.Path.Child(_name, _uid);

    public override ActorSystemImpl System => _cell.SystemImpl;

    public override InternalActorRef Parent => _parent;

    public override bool IsTerminated => _cell.Mailbox.IsClosed;

    internal ActorCell Cell => _cell;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        _cell.Mailbox.Post(new Envelope(message, sender!));
    }

    public override void SendSystemMessage(SystemMessage message) => _cell.Mailbox.PostSystem(message);

    public override InternalActorRef? GetChild(string name) => _cell.Children?.Find(name);

    public override IReadOnlyList<IActorRef> GetChildren() => _cell.Children?.Snapshot() ?? [];

    /// <summary>Lets the first run create the actor, on its dispatcher.</summary>
    public virtual void Start() => _cell.Mailbox.TrySchedule();
}

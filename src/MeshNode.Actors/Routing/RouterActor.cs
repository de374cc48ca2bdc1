namespace MeshNode.Actors.Routing;

/// <summary>Owns a router's routees: handles what is meant for the router itself.</summary>
internal class RouterActor : UntypedActor
{
    public RouterActor() => Router = Cell.Self as RoutedActorRef
        ?? throw new ActorInitializationException(Self, "A router's actor can only be created by Props.WithRouter");

    protected RoutedActorRef Router { get; }

    protected override void PreStart()
    {
        foreach (var routee in Router.Router.Routees)
        {
            Watch(routee);
        }
    }

    /// <summary>Routees stay, whatever becomes of this incarnation.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetRoutees:
                Sender.Tell(new Routees(Router.Router.Routees));
                break;
            case AddRoutee add:
                Add([add.Routee]);
                break;
            case RemoveRoutee remove:
                Remove([remove.Routee], stopChildren: true);
                StopIfAllRouteesRemoved();
                break;
            case Terminated terminated:
                Remove([new ActorRefRoutee(terminated.ActorRef)], stopChildren: false);
                StopIfAllRouteesRemoved();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected void Add(IReadOnlyCollection<Routee> routees)
    {
        foreach (var routee in routees)
        {
            Watch(routee);
        }

        Router.Replace(router => router.WithRoutees([.. router.Routees, .. routees]));
    }

    /// <param name="stopChildren">Stops those that are children when they have handled what was sent to them before.</param>
    protected void Remove(IReadOnlyCollection<Routee> routees, bool stopChildren)
    {
        Router.Replace(router => router.WithRoutees([.. router.Routees.Where(each => !routees.Contains(each))]));
        foreach (var child in routees.OfType<ActorRefRoutee>().Select(routee => routee.Actor))
        {
            Context.Unwatch(child);
            if (stopChildren && Context.Child(child.Path.Name).Equals(child))
            {
                // Senders may still hold the routees of before: as in Akka they get a moment.
                Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), child, PoisonPill.Instance, Self);
            }
        }
    }

    private void StopIfAllRouteesRemoved()
    {
        if (Router.Config.StopRouterWhenAllRouteesRemoved && !Router.Router.Routees.Any())
        {
            Context.Stop(Self);
        }
    }

    private static void Watch(Routee routee)
    {
        if (routee is ActorRefRoutee { Actor: var actor })
        {
            Context.Watch(actor);
        }
    }
}

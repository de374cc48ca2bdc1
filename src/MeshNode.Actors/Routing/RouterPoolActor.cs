namespace MeshNode.Actors.Routing;

internal sealed class RouterPoolActor(SupervisorStrategy strategy) : RouterActor
{
    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void OnReceive(object message)
    {
        if (message is not AdjustPoolSize { Change: var change })
        {
            base.OnReceive(message);
            return;
        }

        if (change > 0)
        {
            Add([.. Enumerable.Range(0, change).Select(_ => Router.NewRoutee())]);
        }
        else if (change < 0)
        {
            Remove([.. Router.Router.Routees.Reverse().Take(-change)], stopChildren: true);
        }
    }
}

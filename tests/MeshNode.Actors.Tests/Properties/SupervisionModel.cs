namespace MeshNode.Actors.Tests.Properties;

/// <summary>What Akka says that becomes of a tree of actors when one fails: a few recursive rules, without messages or time passing.</summary>
internal sealed class SupervisionModel
{
    private sealed class Node(SupervisionTree tree, Node? parent)
    {
        public SupervisionTree Tree { get; } = tree;

        public Node? Parent { get; } = parent;

        public List<Node> Children { get; } = [];

        public int Restarts { get; set; }

        public TimeSpan? WindowStart { get; set; }
    }

    private readonly Dictionary<string, Node> _nodes = [];

    public SupervisionModel(SupervisionTree tree) => Construct(new Node(tree, null));

    public SupervisionLedger Ledger { get; } = new();

    public void Fail(string name, int kind, TimeSpan now) => Fail(_nodes[name], kind, now);

    private void Fail(Node node, int kind, TimeSpan now)
    {
        if (node.Parent is not { } parent)
        {
            Restart(node); // the user guardian's default
            return;
        }

        List<Node> concerned = parent.Tree.AllForOne ? [.. parent.Children] : [node];
        switch (parent.Tree.Decisions[kind])
        {
            case Directive.Escalate:
                Fail(parent, kind, now);
                break;
            case Directive.Restart when concerned.All(each => MayRestart(each, parent.Tree, now)):
                concerned.ForEach(Restart);
                break;
            case Directive.Restart or Directive.Stop:
                concerned.ForEach(Stop);
                break;
        }
    }

    private void Construct(Node node)
    {
        Ledger.Construct(node.Tree.Name);
        _nodes[node.Tree.Name] = node;
        node.Parent?.Children.Add(node);
        ConstructChildren(node);
    }

    private void ConstructChildren(Node node) => Array.ForEach(node.Tree.Children, child => Construct(new Node(child, node)));

    private void Restart(Node node)
    {
        Ledger.Stop(node.Tree.Name);
        Ledger.Construct(node.Tree.Name);
        if (node.Tree.KeepsChildren)
        {
            node.Children.ForEach(Restart);
        }
        else
        {
            node.Children.ToList().ForEach(Stop);
            ConstructChildren(node);
        }
    }

    private void Stop(Node node)
    {
        node.Children.ToList().ForEach(Stop);
        Ledger.Stop(node.Tree.Name);
        node.Parent!.Children.Remove(node);
    }

    private static bool MayRestart(Node node, SupervisionTree by, TimeSpan now)
    {
        if (by.Retries == 0)
        {
            return false;
        }

        if (by.Window == TimeSpan.Zero)
        {
            return ++node.Restarts <= by.Retries || by.Retries < 0;
        }

        node.WindowStart ??= now;
        if (now - node.WindowStart > by.Window)
        {
            (node.WindowStart, node.Restarts) = (now, 1);
            return true;
        }

        return ++node.Restarts <= Math.Max(1, by.Retries);
    }
}

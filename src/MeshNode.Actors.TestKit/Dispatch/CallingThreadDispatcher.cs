namespace MeshNode.Actors.TestKit;

/// <summary>
/// Runs an actor on the thread that told it something, before <c>Tell</c> returns. What an actor that is running on this
/// thread is told meanwhile waits until it has handled its message; if another thread runs the actor, that thread goes on
/// with the message. As in Akka.NET.
/// </summary>
public sealed class CallingThreadDispatcher : MessageDispatcher
{
    public new const string Id = "akka.test.calling-thread-dispatcher";

    [ThreadStatic]
    private static Frame? _innermost;

    private readonly TestDispatcher? _account;

    public CallingThreadDispatcher()
        : this(null)
    {
    }

    /// <param name="account">Told of runs, so that it does not count as settled during one.</param>
    internal CallingThreadDispatcher(TestDispatcher? account)
        : base(Id) => _account = account;

    protected override void ExecuteTask(IRunnable run)
    {
        for (var frame = _innermost; frame is not null; frame = frame.Outer)
        {
            if (ReferenceEquals(frame.Run, run))
            {
                frame.Again = true; // it is about to return, and will be run by the loop below
                return;
            }
        }

        var mine = new Frame(run, _innermost);
        _innermost = mine;
        _account?.Begin();
        try
        {
            do
            {
                mine.Again = false;
                run.Run();
            }
            while (mine.Again);
        }
        finally
        {
            _innermost = mine.Outer;
            _account?.Finished();
        }
    }

    private sealed class Frame(IRunnable run, Frame? outer)
    {
        public IRunnable Run { get; } = run;

        public Frame? Outer { get; } = outer;

        public bool Again { get; set; }
    }
}

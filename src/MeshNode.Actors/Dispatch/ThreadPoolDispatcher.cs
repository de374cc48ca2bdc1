namespace MeshNode.Actors;

/// <summary>
/// Runs actors on .NET's thread pool. What an actor on a pool thread wakes goes to that thread's own queue: it likely runs
/// there next, with what it needs in the cache, unless an idle thread takes it. Every so often, and when an actor has had
/// its turn, it goes to the queue of all threads, so that nothing waits there for ever.
/// </summary>
internal sealed class ThreadPoolDispatcher(string id) : MessageDispatcher(id)
{
    /// <summary>One in so many hand-overs of a thread goes to all threads; a power of two.</summary>
    private const int LocalHandOvers = 64;

    /// <summary>
    /// How long an actor goes on that handles <see cref="MessageDispatcher.Throughput"/> messages in less: going behind the
    /// others costs as much as handling some fifty short messages, and wakes a thread. Counted from the end of the first
    /// share, so that a run of few messages never reads the clock: a slow actor has two shares.
    /// </summary>
    private static readonly long ShortestTurn = TimeProvider.System.TimestampFrequency / 20_000; // 50 us

    [ThreadStatic]
    private static int _handOvers;

    internal override void ExecuteAgain(IRunnable run) => Queue(run, preferLocal: false);

    internal override bool GrantsMore(ref long since)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (since == 0)
        {
            since = now;
        }

        return now - since < ShortestTurn;
    }

    protected override void ExecuteTask(IRunnable run) => Queue(run, (++_handOvers & (LocalHandOvers - 1)) != 0);

    private static void Queue(IRunnable run, bool preferLocal) =>
        ThreadPool.UnsafeQueueUserWorkItem(run as IThreadPoolWorkItem ?? new ActionRunnable(run.Run), preferLocal);
}

namespace MeshNode.Actors.TestKit;

/// <summary>
/// Runs actors one after another on the caller's thread, in an order that a seed decides: each seed is one interleaving of
/// a concurrent program, found again by its number.
/// </summary>
public sealed class PermutingDispatcher : MessageDispatcher
{
    private readonly Lock _lock = new();
    private readonly List<IRunnable> _ready = [];
    private readonly Random _random;

    /// <param name="id">The dispatcher's id.</param>
    /// <param name="seed">Says which of the actors that are ready runs next.</param>
    public PermutingDispatcher(string id, int seed)
        : base(id) => _random = new Random(seed);

    /// <summary>Runs one of the actors that are ready; false when none is.</summary>
    public bool RunOne()
    {
        IRunnable run;
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var index = _random.Next(_ready.Count);
            run = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
        }

        run.Run();
        return true;
    }

    /// <summary>Runs until no actor is ready.</summary>
    /// <param name="limit">Runs after which something must be wrong.</param>
    public void RunUntilIdle(int limit = 1_000_000)
    {
        for (var runs = 0; RunOne(); runs++)
        {
            if (runs == limit)
            {
                throw new InvalidOperationException($"Still not idle after {limit} runs.");
            }
        }
    }

    protected override void ExecuteTask(IRunnable run)
    {
        lock (_lock)
        {
            _ready.Add(run);
        }
    }
}

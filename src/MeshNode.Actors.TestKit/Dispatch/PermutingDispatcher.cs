namespace MeshNode.Actors.TestKit;

/// <summary>
/// Runs actors one after another on the caller's thread, in an order that a seed decides: each seed is one interleaving of
/// a concurrent program, found again by its number. With <see cref="MessageDispatcher.Throughput"/> 1 actors take turns
/// message by message; with <see cref="Preemption"/> others also run in the midst of a message, wherever an actor tells,
/// stops, watches or fails, as other threads would.
/// </summary>
public sealed class PermutingDispatcher : MessageDispatcher
{
    private const int MaxDepth = 8; // runs within runs, on one stack

    private readonly Lock _lock = new();
    private readonly List<IRunnable> _ready = [];
    private readonly Random _random;
    private readonly double _preemption;
    private int _depth;

    /// <param name="id">The dispatcher's id.</param>
    /// <param name="seed">Says which of the actors that are ready runs next.</param>
    public PermutingDispatcher(string id, int seed)
        : base(id) => _random = new Random(seed);

    /// <summary>Chance, from 0 to 1, that one of the ready actors runs at once when one becomes ready.</summary>
    public double Preemption
    {
        get => _preemption;
        init => _preemption = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), "A chance is from 0 to 1.");
    }

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
        bool preempts;
        lock (_lock)
        {
            _ready.Add(run);
            preempts = _preemption > 0 && _depth < MaxDepth && _random.NextDouble() < _preemption;
        }

        if (preempts)
        {
            _depth++;
            try
            {
                RunOne();
            }
            finally
            {
                _depth--;
            }
        }
    }
}

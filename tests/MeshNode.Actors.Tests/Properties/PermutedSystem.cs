using MeshNode.Actors.TestKit;

namespace MeshNode.Actors.Tests.Properties;

/// <summary>
/// A system whose interleaving a seed decides: which actor runs next, after how many messages another gets its turn, and
/// how readily actors are preempted. Time is virtual. At its end every actor must have stopped.
/// </summary>
internal sealed class PermutedSystem : IDisposable
{
    [ThreadStatic]
    private static bool _leftActorsBehind;

    private readonly PermutingDispatcher _dispatcher;

    /// <param name="seed">Decides the interleaving and the program.</param>
    /// <param name="preempts">Otherwise what is told stays in the mailbox until actors are run.</param>
    public PermutedSystem(int seed, bool preempts = true)
    {
        Random = new Random(seed);
        _dispatcher = new PermutingDispatcher("permuting", seed)
        {
            Throughput = Random.Next(3) == 0 ? Random.Next(2, 8) : 1,
            Preemption = preempts ? Random.Next(3) * 0.3 : 0,
        };
        Scheduler = new TestScheduler(() =>
        {
            if (ActorsKeepUp)
            {
                RunUntilIdle();
            }
        });
        System = ActorSystem.Create("permuted", new ActorSystemSetup { DefaultDispatcher = _dispatcher, Scheduler = Scheduler });
    }

    /// <summary>For the program that runs; the interleaving has its own.</summary>
    public Random Random { get; }

    public ActorSystem System { get; }

    public TestScheduler Scheduler { get; }

    /// <summary>Actors run until idle at each instant that the clock reaches; otherwise the clock outruns them.</summary>
    public bool ActorsKeepUp { get; set; } = true;

    public void RunUntilIdle() => _dispatcher.RunUntilIdle();

    /// <summary>Lets so many actors run.</summary>
    public void Run(int actors)
    {
        while (actors-- > 0 && _dispatcher.RunOne())
        {
        }
    }

    /// <summary>Whether a system that ended on this thread did not terminate; asked after a claim, so as not to hide why it fails.</summary>
    public static bool TakeLeftActorsBehind()
    {
        var left = _leftActorsBehind;
        _leftActorsBehind = false;
        return left;
    }

    public void Dispose()
    {
        var ended = System.Terminate();
        RunUntilIdle();
        _leftActorsBehind |= !ended.IsCompletedSuccessfully;
    }
}

using MeshNode.Actors.TestKit;
using MeshNode.Persistence.Journal;
using MeshNode.SimNet;

namespace MeshNode.Persistence.Tests;

/// <summary>
/// Random commands to one actor while its store answers, rejects and fails at random moments, in an order that a seed decides.
/// What the actor sees is compared with a model in one queue; what is stored, with what was handled.
/// </summary>
public sealed class InterleavingTests
{
    private abstract record Step
    {
        public sealed record Persist(string Id) : Step;

        public sealed record PersistAll(string Id) : Step;

        public sealed record PersistAsync(string Id) : Step;

        public sealed record Defer(string Id) : Step;

        public sealed record DeferAsync(string Id) : Step;

        public sealed record Nested(string Id) : Step;
    }

    /// <param name="Name">As it is reported.</param>
    /// <param name="Steps">What the command does, in order.</param>
    private sealed record Order(string Name, Step[] Steps, bool Stash, bool UnstashAll, bool Fail);

    private sealed class Subject : ReceivePersistentActor
    {
        private readonly List<string> _seen;
        private readonly HashSet<string> _stashed = [];

        public Subject(List<string> seen)
        {
            _seen = seen;
            Recover<string>(e => seen.Add($"recovered {e}"));
            Recover<RecoveryCompleted>(_ => seen.Add("ready"));
            Command<Order>(Handle);
            Command<string>(seen.Add);
        }

        public override string PersistenceId => "a";

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _seen.Add($"rejected {@event}");

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _seen.Add($"failed {@event}");

        protected override void PostStop() => _seen.Add("stopped");

        private void Handle(Order order)
        {
            if (order.Stash && _stashed.Add(order.Name))
            {
                _seen.Add($"stashed {order.Name}");
                Stash.Stash();
                return;
            }

            _seen.Add($"command {order.Name}");
            foreach (var step in order.Steps)
            {
                switch (step)
                {
                    case Step.Persist persist:
                        Persist(persist.Id, Seen);
                        break;
                    case Step.PersistAll all:
                        PersistAll([$"{all.Id}.1", $"{all.Id}.2"], Seen);
                        break;
                    case Step.PersistAsync persist:
                        PersistAsync(persist.Id, Seen);
                        break;
                    case Step.Defer defer:
                        Defer(defer.Id, Seen);
                        break;
                    case Step.DeferAsync defer:
                        DeferAsync(defer.Id, Seen);
                        break;
                    case Step.Nested nested:
                        Persist(nested.Id, e =>
                        {
                            Seen(e);
                            Persist($"{nested.Id}.inner", Seen);
                        });
                        break;
                }
            }

            if (order.UnstashAll)
            {
                Stash.UnstashAll();
            }

            if (order.Fail)
            {
                throw new InvalidOperationException(order.Name);
            }
        }

        private void Seen(string e) => _seen.Add($"handled {e}");
    }

    /// <summary>Answers a transaction when the seed says so, and rejects some writes.</summary>
    private sealed class SlowStore(Random random, bool rejects)
    {
        private readonly Queue<(IReadOnlyList<AtomicWrite> Writes, TaskCompletionSource<WriteResult[]> Answer)> _waiting = new();

        public ScriptedStore Store { get; } = new();

        public bool IsWaiting => _waiting.Count > 0;

        public void Start() => Store.Write = writes =>
        {
            var answer = new TaskCompletionSource<WriteResult[]>();
            _waiting.Enqueue((writes, answer));
            return answer.Task;
        };

        public void Answer()
        {
            var (writes, answer) = _waiting.Dequeue();
            var refused = writes.Select(_ => rejects && random.Next(8) == 0).ToArray();
            var written = Store.Inner.WriteAsync([.. writes.Where((_, index) => !refused[index])], default).Result;
            Assert.All(written, result => Assert.Equal(WriteOutcome.Written, result.Outcome));
            answer.SetResult([.. refused.Select(no => no ? new WriteResult(WriteOutcome.Rejected, "no") : WriteResult.Written)]);
        }
    }

    [Fact]
    public void Whatever_the_interleaving_handlers_and_commands_keep_their_order_and_the_store_its_events()
    {
        var seeds = TestScale.Count("persist interleavings", 20_000, 1_500);
        for (var seed = 0; seed < seeds; seed++)
        {
            try
            {
                Run(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
    }

    private static void Run(int seed)
    {
        SynchronizationContext.SetSynchronizationContext(null); // so that the store's answer is handled here and now
        var random = new Random(seed);
        var orders = Enumerable.Range(0, random.Next(1, 12)).Select(index => RandomOrder(random, $"c{index}")).ToArray();
        var store = new SlowStore(random, rejects: seed % 2 == 1);
        store.Start();
        var dispatcher = new PermutingDispatcher(Dispatchers.DefaultDispatcherId, seed);
        var loops = new Queue<Action>();
        var scheduler = new TestScheduler();
        using var system = ActorSystem.Create("model", ActorSystemSetup.Empty with { Scheduler = scheduler, DefaultDispatcher = dispatcher } is var setup
            ? setup.And(new PersistenceSetup { Store = store.Store, RunLoop = loops.Enqueue })
            : null!);
        List<string> seen = [];
        var actor = system.ActorOf(Props.Create(() => new Subject(seen)));
        var sent = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        bool isOver;
        do
        {
            var acted = random.Next(4) switch
            {
                0 when sent < orders.Length => Act(() => actor.Tell(orders[sent++])),
                0 when sent++ == orders.Length => Act(() => actor.Tell("end")),
                1 when loops.Count > 0 => Act(loops.Dequeue()),
                2 when store.IsWaiting => Act(store.Answer),
                _ => dispatcher.RunOne(),
            };
            isOver = !acted && loops.Count == 0 && !store.IsWaiting && seen.Contains("end") && !dispatcher.RunOne();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"never over: {string.Join(", ", seen)}");
        }
        while (!isOver); // a recovery's wait for earlier writes ends on the thread pool: the loop turns meanwhile

        Check(orders, seen, store.Store);
    }

    private static bool Act(Action action)
    {
        action();
        return true;
    }

    private static Order RandomOrder(Random random, string name)
    {
        var steps = Enumerable.Range(0, random.Next(4)).Select<int, Step>(index => $"{name}e{index}" is var id && random.Next(6) is var kind
            ? kind switch
            {
                0 => new Step.Persist(id),
                1 => new Step.PersistAll(id),
                2 => new Step.PersistAsync(id),
                3 => new Step.Defer(id),
                4 => new Step.DeferAsync(id),
                _ => new Step.Nested(id),
            }
            : null!).ToArray();
        return new Order(name, steps, random.Next(5) == 0, random.Next(4) == 0, random.Next(12) == 0);
    }

    /// <summary>
    /// Every order is handled; commands that were not stashed keep their order; between a stashing event and its handler there
    /// is no command; the handlers of one incarnation come in the order of their calls; everything handled is stored, and
    /// what is stored comes back in the order in which it was handled.
    /// </summary>
    private static void Check(Order[] orders, List<string> seen, ScriptedStore store)
    {
        var log = $"{string.Join(", ", seen)} of {string.Join("; ", orders.Select(order => $"{order} {string.Join(", ", order.Steps.Select(step => step.ToString()))}"))}";
        var commands = Of(seen, "command ").ToArray();
        Assert.True(orders.All(order => commands.Count(name => name == order.Name) == 1 || order.Stash), $"a command was lost or came twice: {log}");
        Assert.Equal(orders.Where(order => !order.Stash).Select(order => order.Name), commands.Where(name => !orders.Single(order => order.Name == name).Stash));

        var texts = store.TextsOf("a").Result;
        Assert.Equal(texts.Length, texts.Distinct().Count());
        var stored = texts.ToHashSet();
        var deferred = orders.SelectMany(order => order.Steps).Where(step => step is Step.Defer or Step.DeferAsync)
            .Select(step => step is Step.Defer defer ? defer.Id : ((Step.DeferAsync)step).Id).ToHashSet();
        var handled = Of(seen, "handled ").Where(e => !deferred.Contains(e)).ToArray();
        Assert.True(handled.All(stored.Contains), $"handled, but not stored: {log}");
        Assert.True(handled.SequenceEqual(texts.Where(handled.Contains)), $"stored [{string.Join(", ", texts)}] in another order than handled: {log}");
        Assert.True(Of(seen, "rejected ").All(e => !stored.Contains(e)), $"rejected and stored: {log}");

        CheckIncarnations(orders, seen, texts, log);
    }

    private static void CheckIncarnations(Order[] orders, List<string> seen, string[] texts, string log)
    {
        var known = 0; // of the stored events that the incarnation had recovered or handled when it ended
        var pending = new LinkedList<(string Id, bool IsStashing)>();
        var recovered = new List<string>();
        foreach (var line in seen)
        {
            var (kind, name) = line.Split(' ') is [var first, var second] ? (first, second) : (line, "");
            switch (kind)
            {
                case "recovered":
                    recovered.Add(name);
                    break;
                case "ready":
                    Assert.True(recovered.SequenceEqual(texts.Take(recovered.Count)), $"recovered what is not stored first: {log}");
                    Assert.True(recovered.Count >= known, $"an event that had been handled was not recovered: {log}");
                    known = recovered.Count;
                    break;
                case "command":
                    Assert.True(pending.All(entry => !entry.IsStashing), $"{name} came before a handler of Persist: {log}");
                    AddPending(orders.Single(order => order.Name == name), pending);
                    break;
                case "handled" or "rejected":
                    Assert.True(pending.First?.Value.Id == name, $"{name} came before {pending.First?.Value.Id}: {log}");
                    pending.RemoveFirst();
                    known += texts.Contains(name) ? 1 : 0;
                    if (kind == "handled" && orders.SelectMany(order => order.Steps).Any(step => step is Step.Nested nested && nested.Id == name))
                    {
                        pending.AddLast(($"{name}.inner", true));
                    }

                    break;
                case "stopped": // failed, and begins anew
                    pending.Clear();
                    recovered.Clear();
                    break;
                case "failed":
                    Assert.Fail($"no write failed: {log}");
                    break;
            }
        }

        Assert.True(pending.Count == 0, $"never handled: {string.Join(", ", pending)} in {log}");
    }

    private static void AddPending(Order order, LinkedList<(string Id, bool IsStashing)> pending)
    {
        foreach (var step in order.Steps)
        {
            switch (step)
            {
                case Step.Persist(var id):
                    pending.AddLast((id, true));
                    break;
                case Step.Nested(var id):
                    pending.AddLast((id, true));
                    break;
                case Step.PersistAll(var id):
                    pending.AddLast(($"{id}.1", true));
                    pending.AddLast(($"{id}.2", true));
                    break;
                case Step.PersistAsync(var id):
                    pending.AddLast((id, false));
                    break;
                case Step.Defer(var id):
                    pending.AddLast((id, true));
                    break;
                case Step.DeferAsync(var id):
                    pending.AddLast((id, false));
                    break;
            }
        }
    }

    private static IEnumerable<string> Of(IEnumerable<string> lines, string prefix) =>
        lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..]);
}

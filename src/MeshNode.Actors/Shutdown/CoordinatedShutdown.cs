namespace MeshNode.Actors;

/// <summary>
/// Ends a system in phases, so that what depends on something ends before it: tasks of one phase run together, the next
/// phase begins when all have ended or the phase's time (on the system's scheduler) is over. Any thread.
/// <para>
/// A process that is told to end calls <c>CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance)</c>
/// from its own hook (<c>PosixSignalRegistration</c>, <c>IHostApplicationLifetime</c>) and takes <see cref="Reason.ExitCode"/>:
/// the kernel installs no hook and never exits the process.
/// </para>
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Lock _lock = new();
    private readonly ActorSystemImpl _system;
    private readonly CoordinatedShutdownSetup _setup;
    private readonly Dictionary<string, Phase> _phases;
    private readonly IReadOnlyList<string> _order;
    private readonly Dictionary<string, List<ShutdownTask>> _tasks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<Done> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Reason? _reason;

    internal CoordinatedShutdown(ActorSystemImpl system, CoordinatedShutdownSetup setup)
    {
        if (setup is { RunByActorSystemTerminate: true, TerminateActorSystem: false })
        {
            throw new ConfigurationException(
                $"{nameof(setup.RunByActorSystemTerminate)} without {nameof(setup.TerminateActorSystem)} would leave Terminate without an end.");
        }

        _system = system;
        _setup = setup;
        _phases = PhaseOrder.PhasesOf(setup);
        _order = PhaseOrder.Sort(_phases);
        if (setup.TerminateActorSystem)
        {
            AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
            {
                await system.FinalTerminate().ConfigureAwait(false);
                return Done.Instance;
            });
        }
    }

    public ExtendedActorSystem System => _system;

    /// <summary>Why the shutdown runs or ran; null before it began.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The sum over phases that have a task.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_lock)
            {
                return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));
            }
        }
    }

    /// <summary>The system's shutdown, created at the first call.</summary>
    /// <exception cref="ConfigurationException">Its setup contradicts itself.</exception>
    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase) => _order.Contains(phase)
        ? _phases.GetValueOrDefault(phase)?.Timeout ?? _setup.DefaultPhaseTimeout
        : throw new ArgumentException($"Unknown phase [{phase}].", nameof(phase));

    /// <summary>Adds a task to a phase. A task of an earlier phase may still do so; once the phase has begun it is too late.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        ArgumentNullException.ThrowIfNull(task);
        if (!_order.Contains(phase))
        {
            throw new ConfigurationException($"Unknown phase [{phase}], known phases [{string.Join(", ", _order)}].");
        }

        lock (_lock)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks.Add(phase, tasks = []);
            }

            tasks.Add(new ShutdownTask(taskName, task));
        }
    }

    /// <summary>Adds a task that ends when the actor has stopped.</summary>
    /// <param name="stopMsg">What asks the actor to stop; null when something else does.</param>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddActorTerminationTask(string phase, string taskName, IActorRef actor, object? stopMsg = null)
    {
        var subject = InternalActorRef.Of(actor);
        AddTask(phase, taskName, async () =>
        {
            var stopped = new StopPromise(_system);
            subject.SendSystemMessage(new WatchMessage(subject, stopped));
            if (stopMsg is not null)
            {
                subject.Tell(stopMsg, ActorRefs.NoSender);
            }

            await stopped.Stopped.ConfigureAwait(false);
            return Done.Instance;
        });
    }

    /// <summary>Runs the phases; when they run or ran already, only gives the end of that.</summary>
    /// <param name="reason">For tasks that want to know it: <see cref="ShutdownReason"/>.</param>
    /// <param name="fromPhase">The first to run; null for all.</param>
    /// <returns>Fails when a phase that does not recover failed; the phases after it have not run then.</returns>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (fromPhase is not null && !_order.Contains(fromPhase))
        {
            throw new ConfigurationException($"Unknown phase [{fromPhase}], known phases [{string.Join(", ", _order)}].");
        }

        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _ = RunPhases(_order.SkipWhile(phase => fromPhase is not null && phase != fromPhase));
        }

        return _ended.Task;
    }

    private async Task RunPhases(IEnumerable<string> phases)
    {
        try
        {
            foreach (var phase in phases)
            {
                await RunPhase(phase).ConfigureAwait(false);
            }

            _ended.SetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _system.Log.Error(e, "Coordinated shutdown ended before its last phase");
            _ended.SetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        ShutdownTask[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks.GetValueOrDefault(phase, [])];
        }

        if (tasks.Length == 0)
        {
            return;
        }

        _system.Log.Debug("Performing phase [{0}] with [{1}] tasks", phase, tasks.Length);
        var recover = _phases.GetValueOrDefault(phase)?.Recover ?? true;
        var all = Task.WhenAll(tasks.Select(task => recover ? Recovered(phase, task) : task.Start()));
        if (all.IsCompleted || await EndsInTime(all, Timeout(phase)).ConfigureAwait(false))
        {
            await all.ConfigureAwait(false);
            return;
        }

        var message = $"Coordinated shutdown phase [{phase}] timed out after {Timeout(phase)}";
        if (!recover)
        {
            throw new TimeoutException(message);
        }

        _system.Log.Warning("{0}", message);
    }

    private async Task<Done> Recovered(string phase, ShutdownTask task)
    {
        try
        {
            return await task.Start().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _system.Log.Warning(e, "Task [{0}] failed in phase [{1}]: {2}", task.Name, phase, e.Message);
            return Done.Instance;
        }
    }

    private async Task<bool> EndsInTime(Task task, TimeSpan timeout)
    {
        var timedOut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = new Cancelable(_system.Scheduler);
        _system.Scheduler.Advanced.ScheduleOnce(timeout, timedOut.SetResult, timer);
        var first = await Task.WhenAny(task, timedOut.Task).ConfigureAwait(false);
        timer.Cancel();
        return ReferenceEquals(first, task);
    }

    /// <summary>Why a system is shut down.</summary>
    public abstract class Reason
    {
        protected Reason()
        {
        }

        /// <summary>For the process, if it ends too.</summary>
        public abstract int ExitCode { get; }
    }

    public sealed class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }

        public override int ExitCode => 0;
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }

        public override int ExitCode => 0;
    }

    /// <summary>The process was told to end.</summary>
    public sealed class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }

        public override int ExitCode => 0;
    }

    /// <summary>The others in the cluster took this node for lost.</summary>
    public sealed class ClusterDowningReason : Reason
    {
        public static readonly Reason Instance = new ClusterDowningReason();

        private ClusterDowningReason()
        {
        }

        public override int ExitCode => -1;
    }

    /// <summary>The node left the cluster.</summary>
    public sealed class ClusterLeavingReason : Reason
    {
        public static readonly Reason Instance = new ClusterLeavingReason();

        private ClusterLeavingReason()
        {
        }

        public override int ExitCode => 0;
    }

    /// <summary>The node could not join the cluster.</summary>
    public sealed class ClusterJoinUnsuccessfulReason : Reason
    {
        public static readonly Reason Instance = new ClusterJoinUnsuccessfulReason();

        private ClusterJoinUnsuccessfulReason()
        {
        }

        public override int ExitCode => -1;
    }
}

using System.Collections.Immutable;
using MeshNode.Actors.Event;

namespace MeshNode.Actors;

/// <summary>What a system is made of. Everything has a default.</summary>
public sealed record ActorSystemSetup
{
    private ImmutableDictionary<Type, Setup> Setups { get; init; } = ImmutableDictionary<Type, Setup>.Empty;

    public static ActorSystemSetup Empty { get; } = new();

    /// <summary>Drives timers and timeouts, unless <see cref="Scheduler"/> is given.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>In place of one by <see cref="Clock"/>, such as the TestKit's virtual time. Its giver disposes it.</summary>
    public SchedulerBase? Scheduler { get; init; }

    /// <summary>Runs actors whose <see cref="Props"/> name no dispatcher; the thread pool when null.</summary>
    public MessageDispatcher? DefaultDispatcher { get; init; }

    /// <summary>What is below it is not even made.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>
    /// So many messages that were not delivered, dropped or not handled are logged as information, then none for
    /// <see cref="LogDeadLettersSuspendDuration"/>. 0 for none, <see cref="int.MaxValue"/> for all; 10 by default, as in Akka.NET.
    /// </summary>
    public int LogDeadLetters { get; init; } = 10;

    /// <summary>5 minutes by default.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether they are logged also while the actors are being stopped, when losses are normal.</summary>
    public bool LogDeadLettersDuringShutdown { get; init; }

    /// <summary>Messages that a stash takes, at least 1, unless its actor's <see cref="Props"/> say so; null for any number.</summary>
    public int? StashCapacity { get; init; }

    /// <summary>How long <c>Ask</c> waits when its caller does not say; infinite by default, as in Akka.NET.</summary>
    public TimeSpan AskTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Chance between 0 and 1 for backoff; any thread. By default from the operating system.</summary>
    public Func<double> NextDouble { get; init; } = SecureDouble;

    /// <summary>The setups of several libraries; of two of one type the later counts.</summary>
    public static ActorSystemSetup Create(params Setup[] setups)
    {
        ArgumentNullException.ThrowIfNull(setups);
        return Empty with { Setups = Empty.Setups.SetItems(setups.Select(setup => KeyValuePair.Create(setup.GetType(), setup))) };
    }

    /// <summary>This and a library's setup, which replaces one of the same type.</summary>
    public ActorSystemSetup And<T>(T setup)
        where T : Setup
    {
        ArgumentNullException.ThrowIfNull(setup);
        return this with { Setups = Setups.SetItem(typeof(T), setup) };
    }

    /// <summary>The library's setup of exactly this type, or null.</summary>
    public T? Get<T>()
        where T : Setup => (T?)Setups.GetValueOrDefault(typeof(T));

    private static double SecureDouble() =>
        global::System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}

using MeshNode.Actors.Event;

namespace MeshNode.Actors;

/// <summary>What a system is made of. Everything has a default.</summary>
public sealed record ActorSystemSetup
{
    public static ActorSystemSetup Empty { get; } = new();

    /// <summary>Drives timers and timeouts, unless <see cref="Scheduler"/> is given.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>In place of one by <see cref="Clock"/>, such as the TestKit's virtual time. Its giver disposes it.</summary>
    public SchedulerBase? Scheduler { get; init; }

    /// <summary>Runs actors whose <see cref="Props"/> name no dispatcher; the thread pool when null.</summary>
    public MessageDispatcher? DefaultDispatcher { get; init; }

    /// <summary>What is below it is not even made.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>How long <c>Ask</c> waits when its caller does not say; infinite by default, as in Akka.NET.</summary>
    public TimeSpan AskTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Chance between 0 and 1 for backoff; any thread. By default from the operating system.</summary>
    public Func<double> NextDouble { get; init; } = SecureDouble;

    private static double SecureDouble() =>
        global::System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}

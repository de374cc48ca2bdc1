namespace MeshNode.Actors.TestKit;

/// <summary>How a test runs, as a system's setup: <c>ActorSystemSetup.Empty.And(new TestKitSetup { … })</c>.</summary>
public sealed class TestKitSetup : Setup
{
    /// <summary>Run by the real clock, as Akka.NET's kit does by default.</summary>
    public bool RealTime { get; init; }

    /// <summary>
    /// While an expectation waits and the actors have settled, virtual time goes on to what is due next: a test that was
    /// written for the real clock runs unchanged, and at once. Tasks outside the actors are not waited for meanwhile.
    /// </summary>
    public bool AdvanceWhileWaiting { get; init; }

    /// <summary>How long an expectation waits when it does not say; 15 s, since only a failing test waits in full.</summary>
    public TimeSpan SingleExpectDefault { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long <c>ExpectNoMsg()</c> takes by the real clock; in virtual time it needs none.</summary>
    public TimeSpan ExpectNoMessageDefault { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>All durations that are given are taken this many times; positive.</summary>
    public double TestTimeFactor { get; init; } = 1;
}

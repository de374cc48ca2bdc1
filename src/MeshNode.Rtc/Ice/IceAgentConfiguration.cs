namespace MeshNode.Rtc.Ice;

/// <summary>Paces, timeouts and limits of an <see cref="IceAgent"/>. The defaults suit WebRTC data channels.</summary>
public sealed record IceAgentConfiguration
{
    /// <summary>Ta, the pace of ordinary checks. RFC 8445 §14.2 allows 5 ms at least.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>RFC 8445 §14.3: "Agents MUST NOT use an RTO value smaller than 500 ms."</summary>
    public TimeSpan InitialRto { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The doubling of the RTO stops here, which departs from RFC 8489 §6.2.1: a lossy path gets a try every
    /// two seconds until <see cref="CheckingTimeout"/> rather than none in the last sixteen.
    /// </summary>
    public TimeSpan MaximumRto { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Rc: how often one check is sent before its pair fails. 16 last for 31.5 s with the other defaults.</summary>
    public int MaximumTransmissions { get; init; } = 16;

    /// <summary>How long checks may go on without a valid pair until the agent fails (the timer of RFC 8863).</summary>
    public TimeSpan CheckingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a valid pair waits for a better one that is still being checked, before it is nominated.</summary>
    public TimeSpan NominationPatience { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Puts USE-CANDIDATE on the first check of the best pair of direct candidates, which saves the round trip of a
    /// separate nomination; every other pair is nominated after it has succeeded.
    /// </summary>
    public bool NominatesBestPairAtOnce { get; init; } = true;

    /// <summary>RFC 7675 §5.1: the basic period, randomised by ±20 %; also the keepalive of RFC 8445 §11.</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The period while a check is unanswered; RFC 7675 §5.1 forbids to repeat a check, not to send another.</summary>
    public TimeSpan ConsentRetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>RFC 7675 §5.1: without a valid response for this long, nothing may be sent any more.</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a consent check may stay unanswered, with nothing else heard, until the state is Disconnected.</summary>
    public TimeSpan DisconnectedTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Loopback candidates of the far side are taken. They are paired with local loopback candidates only.</summary>
    public bool AcceptsLoopback { get; init; } = true;

    /// <summary>Remote candidates kept, those learnt from checks included; more are refused.</summary>
    public int MaximumRemoteCandidates { get; init; } = 100;

    /// <summary>RFC 8445 §6.1.2.5: the pairs of lowest priority beyond this are dropped.</summary>
    public int MaximumPairs { get; init; } = 100;
}

namespace AkkaSamples;

/// <summary>
/// What Akka.NET configures by HOCON and this kernel by setups: the known departure of these samples. Under Akka.NET each
/// of these would be a configuration that says the same; the samples themselves would not change.
/// </summary>
internal static class Departures
{
    /// <summary>Akka.NET's kit runs by the real clock by default, ours by virtual time. In Akka.NET: the default configuration.</summary>
    public static ActorSystemSetup RealTime { get; } = ActorSystemSetup.Empty.And(new TestKitSetup { RealTime = true });

    /// <summary>
    /// Virtual time that goes on by itself while a test waits: a test that was written for the real clock ends at once.
    /// In Akka.NET: the default configuration.
    /// </summary>
    public static ActorSystemSetup FastTime { get; } = ActorSystemSetup.Empty.And(new TestKitSetup { AdvanceWhileWaiting = true });

    /// <summary>Events in memory, in virtual time that stands still (a journal writes outside the actors), and the stable names of their types. In Akka.NET: the in-memory journal and its serializers.</summary>
    public static ActorSystemSetup Persistence { get; } = ActorSystemSetup.Empty.And(new PersistenceSetup
    {
        Events = new EventTypes()
            .Add<PersistenceSamples.Added>("added")
            .Add<PersistenceSamples.CartState>("cart")
            .Add<DeliverySamples.Posted>("posted")
            .Add<DeliverySamples.Confirmed>("confirmed"),
    });

    /// <summary>In Akka.NET: sections of that name with the mailbox's type, and a constructor that takes settings and configuration.</summary>
    public static void RegisterMailboxes(ActorSystem system)
    {
        system.Mailboxes.Register("prio-mailbox", new IssueMailbox());
        system.Mailboxes.Register("bounded-mailbox", new BoundedMailbox(3));
    }

    private sealed class IssueMailbox : UnboundedPriorityMailbox
    {
        protected override int PriorityGenerator(object message) => message switch
        {
            MailboxSamples.Alarm => 0,
            int => 1,
            _ => 2,
        };
    }
}

using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

/// <summary>A system in virtual time over a scripted store, and actors that do what the test says.</summary>
public abstract class PersistenceKit : Actors.TestKit.TestKit
{
    protected PersistenceKit(PersistenceSettings? settings = null, EventTypes? events = null)
        : this(new ScriptedStore(), settings, events)
    {
    }

    private protected PersistenceKit(ScriptedStore store, PersistenceSettings? settings = null, EventTypes? events = null)
        : base(ActorSystemSetup.Empty.And(new PersistenceSetup { Store = store, Settings = settings ?? new(), Events = events ?? new() })) => Store = store;

    private protected ScriptedStore Store { get; }

    private protected IActorRef Actor(string persistenceId = "a", ScriptedOptions? options = null, IActorRef? probe = null)
    {
        var target = probe ?? TestActor;
        return ActorOf(Props.Create(() => new ScriptedActor(persistenceId, target, options)));
    }

    /// <summary>An actor that has recovered.</summary>
    private protected IActorRef Ready(string persistenceId = "a", ScriptedOptions? options = null)
    {
        var actor = Actor(persistenceId, options);
        ExpectMsg("ready");
        return actor;
    }

    private protected static void Do(IActorRef actor, Action<ScriptedActor> action) => actor.Tell(action);

    private protected static void DoAsync(IActorRef actor, Func<ScriptedActor, Task> action) => actor.Tell(action);

    private protected void Expect(params object[] messages)
    {
        foreach (var message in messages)
        {
            Assert.Equal(message, ReceiveOne(TimeSpan.FromSeconds(60)));
        }
    }

    /// <summary>Nothing more comes, as far as the actors go on without the store.</summary>
    private protected void ExpectNothing()
    {
        Settle();
        Assert.False(HasMessages);
    }

    private protected Trouble ExpectTrouble(string kind)
    {
        var trouble = ExpectMsg<Trouble>(TimeSpan.FromSeconds(60));
        Assert.Equal(kind, trouble.Kind);
        return trouble;
    }

    /// <summary>Events in the store from before.</summary>
    private protected void Stored(string persistenceId, params string[] events) => Stored(persistenceId, 1, events);

    private protected void Stored(string persistenceId, long first, params string[] events)
    {
        var stored = events.Select((text, index) => new StoredEvent(
            persistenceId, first + index, "system.string", 1, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(text), 0, [])).ToArray();
        var result = Store.Inner.WriteAsync([new AtomicWrite(persistenceId, stored)], default).Result;
        Assert.Equal(WriteOutcome.Written, result[0].Outcome);
    }
}

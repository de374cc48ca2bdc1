using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Tests;

public sealed class SnapshotTests : PersistenceKit
{
    private IActorRef WithSnapshots(params int[] counts)
    {
        var actor = Ready();
        var last = 0;
        foreach (var count in counts)
        {
            Do(actor, a => a.PersistAll(Enumerable.Range(last + 1, count - last).Select(number => $"{number}"), _ => { }));
            Do(actor, a => a.SaveSnapshot($"at {count}"));
            Assert.Equal(count, ExpectMsg<SaveSnapshotSuccess>().Metadata.SequenceNr);
            last = count;
        }

        return actor;
    }

    private void ExpectRecovery(IActorRef actor, params object[] messages)
    {
        Do(actor, _ => throw new InvalidOperationException("restart"));
        Expect("stopped");
        Expect(messages);
        Expect("ready");
    }

    [Fact]
    public void A_snapshot_has_the_time_of_the_system_and_the_number_of_the_last_handled_event()
    {
        var actor = Ready();
        Do(actor, a =>
        {
            a.Persist("x", _ => a.SaveSnapshot("s"));
            a.Persist("y", _ => { });
        });
        Assert.Equal(new SnapshotMetadata("a", 1, Scheduler.Now.UtcDateTime), ExpectMsg<SaveSnapshotSuccess>().Metadata);
    }

    [Fact]
    public void A_deleted_snapshot_gives_way_to_the_one_before()
    {
        var actor = WithSnapshots(1, 2, 3);
        Do(actor, a => a.DeleteSnapshot(3));
        Assert.Equal(3, ExpectMsg<DeleteSnapshotSuccess>().Metadata.SequenceNr);
        ExpectRecovery(actor, "snapshot at 2 at 2", "recovered 3");
    }

    [Fact]
    public void Snapshots_are_deleted_by_criteria()
    {
        var actor = WithSnapshots(1, 2, 3);
        var criteria = new SnapshotSelectionCriteria(3, DateTime.MaxValue, 2);
        Do(actor, a => a.DeleteSnapshots(criteria));
        Expect(new DeleteSnapshotsSuccess(criteria));
        ExpectRecovery(actor, "snapshot at 1 at 1", "recovered 2", "recovered 3");
    }

    [Fact]
    public void A_failing_store_is_answered_and_the_actor_goes_on()
    {
        var actor = Ready();
        Store.BeforeChange = () => Task.FromException(new IOException("disk"));
        Do(actor, a => a.SaveSnapshot("s"));
        Assert.Equal("disk", ExpectMsg<SaveSnapshotFailure>().Cause.Message);
        Do(actor, a => a.DeleteSnapshot(1));
        Assert.Equal("disk", ExpectMsg<DeleteSnapshotFailure>().Cause.Message);
        Do(actor, a => a.DeleteSnapshots(SnapshotSelectionCriteria.Latest));
        Assert.Equal("disk", ExpectMsg<DeleteSnapshotsFailure>().Cause.Message);
        actor.Tell("next");
        Expect("command next");
    }

    [Fact]
    public void A_snapshot_of_an_unregistered_type_is_answered_with_what_to_do()
    {
        var actor = Ready();
        Do(actor, a => a.SaveSnapshot(new Uri("http://localhost")));
        Assert.Contains("Add<Uri>", ExpectMsg<SaveSnapshotFailure>().Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_fails_recovery()
    {
        Store.BeforeLoad = () => Task.FromException(new IOException("disk"));
        Stored("a", "x");
        Actor();
        Assert.Equal("disk", ExpectTrouble("recovery").Cause.Message);
        Expect("stopped");
    }

    [Fact]
    public async Task An_optional_snapshot_that_cannot_be_read_is_done_without()
    {
        var store = new ScriptedStore { BeforeLoad = () => Task.FromException(new IOException("disk")) };
        await store.Inner.WriteAsync(
            [new AtomicWrite("a", [new StoredEvent("a", 1, "system.string", 1, "\"x\""u8.ToArray(), 0, [])])], default);
        await using var system = Optional(store);
        system.ActorOf(Props.Create(() => new ScriptedActor("a", TestActor)));
        Expect("recovered x", "ready");
    }

    [Fact]
    public async Task An_optional_snapshot_of_an_unknown_kind_is_done_without()
    {
        var store = new ScriptedStore();
        await store.Inner.WriteAsync(
            [new AtomicWrite("a", [new StoredEvent("a", 1, "system.string", 1, "\"x\""u8.ToArray(), 0, [])])], default);
        await store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("a", 1, DateTime.UnixEpoch), "unknown", 1, "{}"u8.ToArray()), default);
        await using var system = Optional(store);
        system.ActorOf(Props.Create(() => new ScriptedActor("a", TestActor)));
        Expect("recovered x", "ready");
        await system.Terminate();
        Expect("stopped");
        Stored("plain", "y");
        await Store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("plain", 1, DateTime.UnixEpoch), "unknown", 1, "{}"u8.ToArray()), default);
        Actor("plain");
        Assert.Contains("unknown", ExpectTrouble("recovery").Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Criteria_match_within_their_bounds()
    {
        var criteria = new SnapshotSelectionCriteria(5, new DateTime(2020, 1, 2), 3, new DateTime(2020, 1, 1));
        Assert.True(criteria.IsMatch(new SnapshotMetadata("a", 3, new DateTime(2020, 1, 1))));
        Assert.True(criteria.IsMatch(new SnapshotMetadata("a", 5, new DateTime(2020, 1, 2))));
        Assert.False(criteria.IsMatch(new SnapshotMetadata("a", 2, new DateTime(2020, 1, 1))));
        Assert.False(criteria.IsMatch(new SnapshotMetadata("a", 6, new DateTime(2020, 1, 1))));
        Assert.False(criteria.IsMatch(new SnapshotMetadata("a", 4, new DateTime(2020, 1, 3))));
        Assert.False(criteria.IsMatch(new SnapshotMetadata("a", 4, new DateTime(2019, 12, 31))));
        Assert.False(SnapshotSelectionCriteria.None.IsMatch(new SnapshotMetadata("a", 1, DateTime.UnixEpoch)));
    }

    private static ActorSystem Optional(ScriptedStore store) => ActorSystem.Create("optional", ActorSystemSetup.Empty.And(
        new PersistenceSetup { Store = store, Settings = new PersistenceSettings { SnapshotIsOptional = true } }));
}

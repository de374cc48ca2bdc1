using System.Text.Json.Nodes;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Tests;

public sealed class EventTypesTests
{
    private sealed record One(int Number);

    private sealed record Two(int Number);

    private record Base(int Number);

    private sealed record Derived(int Number) : Base(Number);

    private sealed class Doubling : IEventAdapter
    {
        public string Manifest(object evt) => string.Empty;

        public object ToJournal(object evt) => new Tagged(evt, ["doubled"]);

        public IEventSequence FromJournal(object evt, string manifest) => evt switch
        {
            One { Number: 0 } => EventSequence.Empty,
            One { Number: 1 } => EventSequence.Single(manifest),
            _ => EventSequence.Create(evt, evt),
        };
    }

    private static StoredEvent Stored(string manifest, int version, string json) =>
        new("account-7", 42, manifest, version, System.Text.Encoding.UTF8.GetBytes(json), 0, []);

    private static List<object> Decode(EventTypes types, StoredEvent stored)
    {
        List<object> events = [];
        new EventCodec(types).Decode(stored, events);
        return events;
    }

    private static string Message(EventTypes types, StoredEvent stored)
    {
        var exception = Assert.Throws<EventTypeException>(() => Decode(types, stored));
        Assert.Equal((stored.Manifest, stored.Version, "account-7", 42L), (exception.Manifest, exception.Version, exception.PersistenceId, exception.SequenceNr));
        Assert.Contains("account-7", exception.Message, StringComparison.Ordinal);
        Assert.Contains("42", exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }

    [Fact]
    public void An_event_is_stored_under_its_registered_name_and_version()
    {
        var stored = new EventCodec(new EventTypes().Add<One>("one", 3)).Encode("a", 7, new One(5), 99);
        Assert.Equal(("a", 7, "one", 3, 99), (stored.PersistenceId, stored.SequenceNr, stored.Manifest, stored.Version, stored.Timestamp));
        Assert.Equal("""{"Number":5}""", System.Text.Encoding.UTF8.GetString(stored.Payload.Span));
        Assert.Empty(stored.Tags);
    }

    [Fact]
    public void An_unknown_name_says_what_to_register() =>
        Assert.Contains("add its type, Rename it, or Retire it", Message(new EventTypes(), Stored("gone", 1, "{}")), StringComparison.Ordinal);

    [Fact]
    public void A_CLR_type_name_in_the_store_loads_nothing() =>
        Message(new EventTypes(), Stored(typeof(One).AssemblyQualifiedName!, 1, """{"Number":5}"""));

    [Fact]
    public void A_newer_version_says_that_the_program_is_older() =>
        Assert.Contains("newer program", Message(new EventTypes().Add<One>("one", 2), Stored("one", 3, "{}")), StringComparison.Ordinal);

    [Fact]
    public void A_missing_upcaster_says_from_which_version() =>
        Assert.Contains(
            "from version 2: the newest is 3",
            Message(new EventTypes().Add<One>("one", 3).Upcast("one", 1, json => json), Stored("one", 1, """{"Number":5}""")),
            StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_do_not_fit_say_where_they_stand() =>
        Assert.Contains("cannot be read", Message(new EventTypes().Add<One>("one"), Stored("one", 1, "[")), StringComparison.Ordinal);

    [Fact]
    public void Null_is_no_event() => Message(new EventTypes().Add<One>("one"), Stored("one", 1, "null"));

    [Fact]
    public void Upcasters_that_go_in_circles_are_found_out() => Assert.Contains(
        "circles",
        Message(new EventTypes().UpcastToMany("x", 1, json => [new UpcastEvent("x", 1, json)]), Stored("x", 1, "{}")),
        StringComparison.Ordinal);

    [Fact]
    public void Upcasters_of_types_and_of_JSON_follow_each_other()
    {
        var types = new EventTypes().Add<Two>("n", 4)
            .Upcast("n", 1, json => new JsonObject { ["Number"] = json["n"]!.DeepClone() })
            .Upcast<One, One>("n", 2, one => one with { Number = one.Number + 1 })
            .Upcast("n", 3, json =>
            {
                json["Number"] = json["Number"]!.GetValue<int>() * 10;
                return json;
            });
        Assert.Equal([new Two(60)], Decode(types, Stored("n", 1, """{"n":5}""")));
    }

    [Fact]
    public void An_upcaster_may_drop_an_event()
    {
        var types = new EventTypes().Add<One>("one", 2).Upcast("one", 1, json => json["Number"]!.GetValue<int>() == 0 ? null : json);
        Assert.Empty(Decode(types, Stored("one", 1, """{"Number":0}""")));
        Assert.Equal([new One(1)], Decode(types, Stored("one", 1, """{"Number":1}""")));
    }

    [Fact]
    public void Adapters_tag_what_is_written_and_make_none_one_or_more_of_what_is_read()
    {
        var types = new EventTypes().Add<One>("one").Add<Two>("two").Adapt<One>(new Doubling());
        Assert.Equal(["doubled"], new EventCodec(types).Encode("a", 1, new One(1), 0).Tags);
        Assert.Empty(new EventCodec(types).Encode("a", 1, new Two(1), 0).Tags);
        Assert.Empty(Decode(types, Stored("one", 1, """{"Number":0}""")));
        Assert.Equal(["one"], Decode(types, Stored("one", 1, """{"Number":1}""")));
        Assert.Equal([new One(2), new One(2)], Decode(types, Stored("one", 1, """{"Number":2}""")));
        Assert.Equal([new Two(2)], Decode(types, Stored("two", 1, """{"Number":2}""")));
    }

    [Fact]
    public void Adapters_fit_derived_types()
    {
        var types = new EventTypes().Add<Derived>("derived").AdaptWrites<Base>(new Doubling());
        Assert.Equal(["doubled"], new EventCodec(types).Encode("a", 1, new Derived(1), 0).Tags);
    }

    [Fact]
    public void Serializers_need_not_be_JSON()
    {
        var types = new EventTypes().Add("bytes", 1, one => new[] { (byte)one.Number }, bytes => new One(bytes.Span[0]));
        var stored = new EventCodec(types).Encode("a", 1, new One(200), 0);
        Assert.Equal([200], stored.Payload.ToArray());
        Assert.Equal([new One(200)], Decode(types, stored));
    }

    [Fact]
    public void Snapshots_are_upcast_as_events_are()
    {
        var codec = new EventCodec(BankEvents.Types());
        var old = new StoredSnapshot(new SnapshotMetadata("a", 3), "balance", 1, """{"Cents":500}"""u8.ToArray());
        var balance = Assert.IsType<BankEvents.BalanceSnapshot>(codec.DecodeSnapshot(old));
        Assert.Equal((500, 500), (balance.Cents, balance.ByCurrency["EUR"]));
    }

    [Fact]
    public void A_name_or_a_type_is_registered_once_and_before_use()
    {
        var types = new EventTypes().Add<One>("one").Upcast("one", 1, json => json).Rename("uno", "one");
        Assert.Throws<ArgumentException>(() => types.Add<One>("other"));
        Assert.Throws<ArgumentException>(() => types.Add<Two>("one"));
        Assert.Throws<ArgumentException>(() => types.Upcast("one", 1, json => json));
        Assert.Throws<ArgumentException>(() => types.Rename("uno", "two"));
        Assert.Throws<ArgumentException>(() => types.Add<Two>(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => types.Add<Two>("two", 0));
        _ = new EventCodec(types);
        Assert.Throws<InvalidOperationException>(() => types.Add<Two>("two"));
    }

    [Fact]
    public void Tags_are_none_empty()
    {
        Assert.Throws<ArgumentException>(() => new Tagged("x", [""]));
        Assert.Throws<ArgumentException>(() => new Tagged("x", [new string('t', 256)]));
    }

    [Fact]
    public void Deliveries_travel_inside_of_a_snapshot()
    {
        var types = new EventTypes().Add<One>("one").Add<WithDeliveries>("state");
        var codec = new EventCodec(types);
        var path = DeliveryPath.Parse("akka://system/user/a/b");
        var state = new WithDeliveries(5, new AtLeastOnceDeliverySnapshot(9, [new UnconfirmedDelivery(8, path, new One(3))]));
        var (contract, payload) = codec.Serialize(state);
        var back = Assert.IsType<WithDeliveries>(codec.DecodeSnapshot(new StoredSnapshot(new SnapshotMetadata("a", 1), contract.Manifest, contract.Version, payload)));
        Assert.Equal((5, 9L), (back.Number, back.Deliveries.CurrentDeliveryId));
        Assert.Equal(new UnconfirmedDelivery(8, path, new One(3)), Assert.Single(back.Deliveries.UnconfirmedDeliveries));
    }

    private sealed record WithDeliveries(int Number, AtLeastOnceDeliverySnapshot Deliveries);
}

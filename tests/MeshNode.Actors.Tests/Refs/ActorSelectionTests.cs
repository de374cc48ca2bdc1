namespace MeshNode.Actors.Tests;

public sealed class ActorSelectionTests : TestKit.TestKit
{
    [Fact]
    public void Selection_finds_by_path_wildcard_and_relative_path()
    {
        var parent = ActorOf(Recorder.Props(ActorRefs.Nobody), "parent");
        var probes = new Dictionary<string, TestKit.TestProbe>();
        foreach (var name in new[] { "a1", "a2", "b1" })
        {
            probes[name] = CreateTestProbe();
            parent.Tell(new Recorder.Spawn(Recorder.Props(probes[name].Ref), name));
            Assert.Equal($"akka://test/user/parent/{name}", ExpectMsg<IActorRef>().Path.ToString());
            probes[name].ExpectMsg("PreStart");
        }

        Sys.ActorSelection("/user/parent/a1").Tell("exact");
        probes["a1"].ExpectMsg("exact");
        Sys.ActorSelection("akka://test/user/parent/a*").Tell("star");
        probes["a1"].ExpectMsg("star");
        probes["a2"].ExpectMsg("star");
        Sys.ActorSelection("/user/*/?1").Tell("mark");
        probes["a1"].ExpectMsg("mark");
        probes["b1"].ExpectMsg("mark");
        Sys.ActorSelection("/user/parent/a1/../b1").Tell("up");
        probes["b1"].ExpectMsg("up");
        foreach (var probe in probes.Values)
        {
            probe.ExpectNoMsg();
        }
    }

    [Fact]
    public async Task Selection_of_nothing_is_a_dead_letter_and_resolves_to_ActorNotFound()
    {
        var selection = Sys.ActorSelection("/user/nobody");
        EventFilter.DeadLetter<string>().ExpectOne(() => selection.Tell("lost"));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => selection.ResolveOne(TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(30)));
        var actor = ActorOf(Recorder.Props(ActorRefs.Nobody), "somebody");
        Assert.Equal(actor, await Sys.ActorSelection("/user/somebody").ResolveOne(TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Double_star_stands_for_all_below()
    {
        var parent = ActorOf(Recorder.Props(TestActor), "parent");
        ExpectMsg("PreStart");
        parent.Tell(new Recorder.Spawn(Recorder.Props(TestActor), "child"));
        var child = (IActorRef)ReceiveN(2).Single(message => message is IActorRef);
        child.Tell(new Recorder.Spawn(Recorder.Props(TestActor), "grandchild"));
        ReceiveN(2);
        Sys.ActorSelection("/user/**").Tell('x');
        Assert.Equal(['x', 'x', 'x'], ReceiveN(3));
        Sys.ActorSelection("/user/parent/**").Tell('y');
        Assert.Equal(['y', 'y'], ReceiveN(2));
        ExpectNoMsg();
    }

    [Fact]
    public void Selection_begins_at_an_anchor()
    {
        var parent = ActorOf(Recorder.Props(ActorRefs.Nobody), "parent");
        parent.Tell(new Recorder.Spawn(Recorder.Props(TestActor), "child"));
        ReceiveN(2);
        var selection = Sys.ActorSelection(parent, "child");
        Assert.Equal(parent, selection.Anchor);
        Assert.Equal("/child", selection.PathString);
        selection.Tell('x');
        ExpectMsg('x');
        Assert.Equal(selection, Sys.ActorSelection(parent, "child"));
        Assert.NotEqual(selection, Sys.ActorSelection(parent, "other"));
    }

    [Fact]
    public async Task Search_for_one_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var found = Sys.ActorSelection(ActorOf<Silent>().Path).ResolveOne(Timeout.InfiniteTimeSpan, cancel.Token);
        Assert.NotNull(await found.WaitAsync(TimeSpan.FromSeconds(30)));
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Sys.ActorSelection("/user/*").ResolveOne(Timeout.InfiniteTimeSpan, cancel.Token).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}

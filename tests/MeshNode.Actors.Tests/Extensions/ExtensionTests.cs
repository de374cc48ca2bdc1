namespace MeshNode.Actors.Tests;

public sealed class ExtensionTests : TestKit.TestKit
{
    private sealed class Greeting(string? text) : Setup
    {
        public string? Text { get; } = text;
    }

    private sealed class Greeter(ExtendedActorSystem system) : IExtension
    {
        public ExtendedActorSystem System { get; } = system;
    }

    private sealed class GreeterProvider : ExtensionIdProvider<Greeter>
    {
        public override Greeter CreateExtension(ExtendedActorSystem system) => new(system);
    }

    private sealed class Fragile : IExtension;

    private sealed class FragileProvider(Func<Fragile> create) : ExtensionIdProvider<Fragile>
    {
        public override Fragile CreateExtension(ExtendedActorSystem system) => create();
    }

    [Fact]
    public void Extension_is_created_once_for_a_system()
    {
        Assert.False(Sys.HasExtension<Greeter>());
        Assert.Null(Sys.GetExtension<Greeter>());
        Assert.Null(new GreeterProvider().Get(Sys));
        var greeter = new GreeterProvider().Apply(Sys);
        Assert.Same(Sys, greeter.System);
        Assert.Same(greeter, Sys.WithExtension<Greeter, GreeterProvider>());
        Assert.Same(greeter, Sys.WithExtension<Greeter>(typeof(GreeterProvider)));
        Assert.Same(greeter, Sys.GetExtension<Greeter>());
        Assert.Same(greeter, new GreeterProvider().Get(Sys));
        Assert.True(Sys.HasExtension<Greeter>());
        Assert.True(Sys.TryGetExtension<Greeter>(out var found));
        Assert.Same(greeter, found);
    }

    [Fact]
    public async Task Many_threads_get_the_same_extension()
    {
        var created = 0;
        var id = new FragileProvider(() =>
        {
            Interlocked.Increment(ref created);
            return new Fragile();
        });
        using var start = new Barrier(4);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait(TimeSpan.FromSeconds(30));
            return id.Apply(Sys);
        })));
        Assert.Equal(1, created);
        Assert.Single(all.Distinct());
    }

    [Fact]
    public void Extension_that_failed_to_be_created_is_tried_again()
    {
        var failing = true;
        var id = new FragileProvider(() => failing ? throw new InvalidOperationException("broken") : new Fragile());
        Assert.Throws<InvalidOperationException>(() => id.Apply(Sys));
        Assert.False(Sys.HasExtension<Fragile>());
        failing = false;
        Assert.NotNull(id.Apply(Sys));
    }

    [Fact]
    public void Setup_of_a_library_is_found_by_its_type()
    {
        var setup = ActorSystemSetup.Empty.And(new Greeting("hello"));
        Assert.Equal("hello", setup.Get<Greeting>()?.Text);
        Assert.Null(ActorSystemSetup.Empty.Get<Greeting>());
        Assert.Equal("again", setup.And(new Greeting("again")).Get<Greeting>()?.Text);
        Assert.Equal("created", ActorSystemSetup.Create(new Greeting("created")).Get<Greeting>()?.Text);
        var other = setup with { AskTimeout = TimeSpan.FromSeconds(1) };
        Assert.Equal("hello", other.Get<Greeting>()?.Text);
        Assert.Equal(TimeSpan.FromSeconds(1), other.And(new Greeting("x")).AskTimeout);
    }

    [Fact]
    public async Task Setup_reaches_the_system()
    {
        await using var system = ActorSystem.Create("carrier", ActorSystemSetup.Create(new Greeting("hello")));
        Assert.Equal("hello", system.Settings.Get<Greeting>()?.Text);
    }

    [Fact]
    public void Actors_of_the_system_stop_after_those_of_users()
    {
        var extended = (ExtendedActorSystem)Sys;
        var stopped = new List<string>();
        extended.SystemActorOf(Props.Create(() => new SaysItStopped(stopped, "system")), "served");
        var served = extended.SystemActorOf(Props.Create(() => new SaysItStopped(stopped, "system")));
        Assert.StartsWith("akka://test/system/", served.Path.ToString(), StringComparison.Ordinal);
        Sys.ActorOf(Props.Create(() => new SaysItStopped(stopped, "user")));
        Assert.True(Sys.Terminate().Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(["user", "system", "system"], stopped);
    }

    [Fact]
    public void Callbacks_run_when_all_actors_have_stopped_the_last_registered_first()
    {
        var stopped = new List<string>();
        Sys.ActorOf(Props.Create(() => new SaysItStopped(stopped, "user")));
        Sys.RegisterOnTermination(() => stopped.Add("first"));
        Sys.RegisterOnTermination(() => throw new InvalidOperationException("does not keep the others from running"));
        Sys.RegisterOnTermination(() => stopped.Add("second"));
        Assert.True(Sys.Terminate().Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(["user", "second", "first"], stopped);
        Assert.Throws<InvalidOperationException>(() => Sys.RegisterOnTermination(() => { }));
    }

    private sealed class SaysItStopped(List<string> stopped, string who) : UntypedActor
    {
        protected override void PostStop()
        {
            lock (stopped)
            {
                stopped.Add(who);
            }
        }

        protected override void OnReceive(object message)
        {
        }
    }
}

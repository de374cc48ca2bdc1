using System.Text.RegularExpressions;
using MeshNode.Actors.Event;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MeshNode.Actors.Tests;

public sealed class EventFilterTests : MeshNode.Actors.TestKit.TestKit
{
    private sealed class Failing : ReceiveActor
    {
        public Failing()
        {
            Receive<Exception>(e => throw e);
            ReceiveAny(message => Context.GetLogger().Info("got {0}", message));
        }
    }

    [Fact]
    public void Text_is_compared_whole_by_start_by_part_or_by_pattern()
    {
        foreach (var filter in new[]
        {
            EventFilter.Warning("mind the gap"),
            EventFilter.Warning(start: "mind"),
            EventFilter.Warning(contains: "the g"),
            EventFilter.Warning(new Regex("g.p$")),
            EventFilter.ForLogLevel(LogLevel.WarningLevel, contains: "gap"),
            EventFilter.Custom(entry => entry is Warning && entry.Message.ToString() != "other"),
            EventFilter.Custom<Warning>(entry => entry.Message.ToString()!.Length == 12),
        })
        {
            filter.ExpectOne(() =>
            {
                Sys.Log.Warning("mind the gap");
                Sys.Log.Warning("other");
                Sys.Log.Info("mind the gap");
            });
        }
    }

    [Fact]
    public void Source_is_an_actor()
    {
        var actor = ActorOf<Failing>("chatty");
        EventFilter.Info(source: actor.Path.ToString()).ExpectOne(() => actor.Tell(1));
        EventFilter.Info("got 2", source: "/user/chatty").ExpectOne(() => actor.Tell(2));
        EventFilter.Info(source: "/user/other").Expect(0, () => actor.Tell(3));
    }

    [Fact]
    public void Exception_is_told_by_type_text_and_inner_exceptions()
    {
        var actor = ActorOf<Failing>();
        EventFilter.Exception<InvalidOperationException>("broken").ExpectOne(() => actor.Tell(new InvalidOperationException("broken")));
        EventFilter.Exception<Exception>(new Regex("^br")).ExpectOne(() => actor.Tell(new InvalidOperationException("broken")));
        EventFilter.Exception<ArgumentException>().Expect(0, () => actor.Tell(new InvalidOperationException("broken")));
        var wrapped = new InvalidOperationException("outer", new ArgumentException("inner"));
        EventFilter.Exception(typeof(ArgumentException), "inner", checkInnerExceptions: true).ExpectOne(() => actor.Tell(wrapped));
        EventFilter.Exception(typeof(ArgumentException), "inner").Expect(0, () => actor.Tell(wrapped));
    }

    [Fact]
    public void Dead_letters_are_told_by_message_and_recipient()
    {
        var actor = ActorOf<Failing>("gone");
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        EventFilter.DeadLetter().Expect(2, () => { actor.Tell(1); actor.Tell("a"); });
        EventFilter.DeadLetter<int>().ExpectOne(() => { actor.Tell(1); actor.Tell("a"); });
        EventFilter.DeadLetter<int>(number => number > 1, "/user/gone").ExpectOne(() => { actor.Tell(1); actor.Tell(2); });
    }

    [Fact]
    public void And_counts_what_fits_either() => EventFilter.Info("a").And.Warning("b").Expect(2, () =>
    {
        Sys.Log.Info("a");
        Sys.Log.Warning("b");
        Sys.Log.Warning("a");
    });

    [Fact]
    public void Too_few_and_too_many_fail()
    {
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info().ExpectOne(TimeSpan.FromMilliseconds(20), () => { }));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info().ExpectOne(() => { Sys.Log.Info("1"); Sys.Log.Info("2"); }));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info().Expect(0, () => Sys.Log.Info("1")));
    }

    [Fact]
    public void Result_of_the_action_is_given() => Assert.Equal(7, EventFilter.Info("x").ExpectOne(() => { Sys.Log.Info("x"); return 7; }));

    private sealed class Lines : ITestOutputHelper
    {
        private readonly List<string> _lines = [];

        public string[] All
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public void WriteLine(string message)
        {
            lock (_lines)
            {
                _lines.Add(message);
            }
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(null, format, args));
    }

    private sealed class Logging(ITestOutputHelper output) : MeshNode.Actors.TestKit.TestKit(output: output)
    {
        public void Run()
        {
            Sys.Log.Info("shown");
            using (EventFilter.Info().Mute())
            {
                Sys.Log.Info("muted");
            }

            EventFilter.Warning("muted too").Mute(() => Sys.Log.Warning("muted too"));
            Sys.Log.Info("shown again");
        }
    }

    [Fact]
    public void Muted_events_stay_out_of_the_tests_output()
    {
        var lines = new Lines();
        using (var kit = new Logging(lines))
        {
            kit.Run();
        }

        Assert.Collection(
            lines.All,
            line => Assert.EndsWith("shown", line),
            line => Assert.EndsWith("shown again", line));
    }
}

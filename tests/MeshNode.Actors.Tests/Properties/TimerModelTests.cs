namespace MeshNode.Actors.Tests.Properties;

/// <summary>
/// Timers against a model: each fires when it is due and not otherwise; one that was started anew, cancelled or belonged
/// to an incarnation that failed does not fire any more.
/// </summary>
public sealed class TimerModelTests
{
    private sealed record Start(int Key, int Generation, TimeSpan Time, bool Periodic);

    private sealed record Cancel(int Key);

    private sealed record Fired(int Key, int Generation);

    private sealed class Clockwork : ReceiveActor, IWithTimers
    {
        public Clockwork(List<(TimeSpan, Fired)> fired)
        {
            Receive<Start>(start =>
            {
                var message = new Fired(start.Key, start.Generation);
                if (start.Periodic)
                {
                    Timers.StartPeriodicTimer(start.Key, message, start.Time);
                }
                else
                {
                    Timers.StartSingleTimer(start.Key, message, start.Time);
                }
            });
            Receive<Cancel>(cancel => Timers.Cancel(cancel.Key));
            Receive<string>(text => text == "cancel all", _ => Timers.CancelAll());
            Receive<string>(_ => throw new InvalidOperationException("restart"));
            Receive<Fired>(timer => fired.Add((Context.System.Scheduler.MonotonicClock, timer)));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed record Running(TimeSpan Due, int Generation, TimeSpan Time, bool Periodic);

    [Fact]
    public void Timers_fire_as_their_model() => Property.Holds("timers", seed =>
    {
        using var permuted = new PermutedSystem(seed);
        var random = permuted.Random;
        List<(TimeSpan, Fired)> fired = [], expected = [];
        var actor = permuted.System.ActorOf(Props.Create(() => new Clockwork(fired)));
        var model = new Dictionary<int, Running>();
        var now = TimeSpan.Zero;
        for (var generation = 0; generation < 20; generation++)
        {
            var key = random.Next(4);
            switch (random.Next(8))
            {
                case < 5:
                    var start = new Start(key, generation, TimeSpan.FromMilliseconds(random.Next(1, 300)), random.Next(2) == 0);
                    actor.Tell(start, ActorRefs.NoSender);
                    model[key] = new Running(now + start.Time, generation, start.Time, start.Periodic);
                    break;
                case 5:
                    actor.Tell(new Cancel(key), ActorRefs.NoSender);
                    model.Remove(key);
                    break;
                case 6:
                    actor.Tell("cancel all", ActorRefs.NoSender);
                    model.Clear();
                    break;
                default:
                    actor.Tell("fail", ActorRefs.NoSender);
                    model.Clear();
                    break;
            }

            var step = TimeSpan.FromMilliseconds(random.Next(200));
            permuted.Scheduler.Advance(step);
            now += step;
            while (model.Where(entry => entry.Value.Due <= now).OrderBy(entry => entry.Value.Due).Select(entry => (int?)entry.Key).FirstOrDefault() is { } due)
            {
                var timer = model[due];
                expected.Add((timer.Due, new Fired(due, timer.Generation)));
                model.Remove(due);
                if (timer.Periodic)
                {
                    model[due] = timer with { Due = timer.Due + timer.Time };
                }
            }
        }

        permuted.RunUntilIdle();
        // Of what is due at one instant the order is that of starting, which the model does not keep.
        Assert.Equal(InOrder(expected), InOrder(fired));
    });

    private static List<(TimeSpan, Fired)> InOrder(List<(TimeSpan Time, Fired Timer)> list) => [.. list.OrderBy(entry => entry.Time).ThenBy(entry => entry.Timer.Key)];
}

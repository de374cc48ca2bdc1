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

    /// <summary>What timers there are, and what they fire while the clock moves.</summary>
    private sealed class Model
    {
        private sealed record Running(TimeSpan Due, int Generation, TimeSpan Time, bool Periodic);

        private readonly Dictionary<int, Running> _running = [];

        public void Do(object command, TimeSpan now)
        {
            switch (command)
            {
                case Start start:
                    _running[start.Key] = new Running(now + start.Time, start.Generation, start.Time, start.Periodic);
                    break;
                case Cancel cancel:
                    _running.Remove(cancel.Key);
                    break;
                default:
                    _running.Clear();
                    break;
            }
        }

        public List<(TimeSpan, Fired)> MoveTo(TimeSpan now)
        {
            var fired = new List<(TimeSpan, Fired)>();
            while (_running.Where(entry => entry.Value.Due <= now).OrderBy(entry => entry.Value.Due).Select(entry => (int?)entry.Key).FirstOrDefault() is { } due)
            {
                var timer = _running[due];
                fired.Add((timer.Due, new Fired(due, timer.Generation)));
                _running.Remove(due);
                if (timer.Periodic)
                {
                    _running[due] = timer with { Due = timer.Due + timer.Time };
                }
            }

            return fired;
        }

        public static bool IsUndisturbed(object command, Fired fired) => command switch
        {
            Start start => start.Key != fired.Key,
            Cancel cancel => cancel.Key != fired.Key,
            _ => false,
        };
    }

    [Fact]
    public void Timers_fire_as_their_model() => Property.Holds("timers", seed =>
    {
        using var permuted = new PermutedSystem(seed, preempts: false);
        var random = permuted.Random;
        List<(TimeSpan, Fired)> fired = [], expected = [];
        var actor = permuted.System.ActorOf(Props.Create(() => new Clockwork(fired)));
        var model = new Model();
        var now = TimeSpan.Zero;
        for (var generation = 0; generation < 20; generation++)
        {
            var key = random.Next(4);
            object command = random.Next(8) switch
            {
                < 5 => new Start(key, generation, TimeSpan.FromMilliseconds(random.Next(1, 300)), random.Next(2) == 0),
                5 => new Cancel(key),
                6 => "cancel all",
                _ => "fail",
            };
            actor.Tell(command, ActorRefs.NoSender);
            var step = TimeSpan.FromMilliseconds(random.Next(200));
            permuted.ActorsKeepUp = random.Next(3) > 0;
            permuted.Scheduler.Advance(step);
            permuted.RunUntilIdle();
            if (permuted.ActorsKeepUp)
            {
                model.Do(command, now);
                expected.AddRange(model.MoveTo(now += step));
            }
            else
            {
                // What fires waits behind the command, and comes only if the command left its timer alone.
                var late = model.MoveTo(now += step);
                model.Do(command, now);
                expected.AddRange(late.Where(each => Model.IsUndisturbed(command, each.Item2)).Select(each => (now, each.Item2)));
            }
        }

        // Of what is due at one instant the order is that of starting, which the model does not keep.
        Assert.Equal(InOrder(expected), InOrder(fired));
    });

    private static List<(TimeSpan, Fired)> InOrder(List<(TimeSpan Time, Fired Timer)> list) => [.. list.OrderBy(entry => entry.Time).ThenBy(entry => entry.Timer.Key)];
}

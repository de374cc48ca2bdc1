namespace AkkaSamples;

/// <summary>Handlers by type, with conditions, in order; asynchronous ones; what nobody handles.</summary>
public sealed class ReceiveSamples : TestKit
{
    public class Sorter : ReceiveActor
    {
        public Sorter()
        {
            Receive<string>(text => text.Length > 10, text => Sender.Tell($"long {text.Length}"));
            Receive<string>(text => Sender.Tell($"short {text}"));
            Receive<int>(number => Sender.Tell("positive"), number => number > 0);
            Receive<int>(number =>
            {
                if (number == 0)
                {
                    Sender.Tell("zero");
                    return true;
                }

                return false;
            });
            Receive(typeof(double), number => Sender.Tell("a double"));
        }
    }

    public class CatchAll : ReceiveActor
    {
        public CatchAll()
        {
            Receive<int>(number => Sender.Tell(number + 1));
            ReceiveAny(message => Sender.Tell($"any {message}"));
        }
    }

    public class Patient : ReceiveActor
    {
        private readonly List<string> _order = [];

        public Patient(Task first)
        {
            ReceiveAsync<string>(async text =>
            {
                _order.Add($"{text} begins");
                await first;
                _order.Add($"{text} ends");
                Sender.Tell(text, Self);
            });
            Receive<int>(_ => Sender.Tell(_order.ToArray()));
        }
    }

    [Fact]
    public void First_handler_that_fits_takes_the_message()
    {
        var sorter = Sys.ActorOf<Sorter>();
        sorter.Tell("hello");
        ExpectMsg("short hello");
        sorter.Tell("hello world!");
        ExpectMsg("long 12");
        sorter.Tell(5);
        ExpectMsg("positive");
        sorter.Tell(0);
        ExpectMsg("zero");
        sorter.Tell(1.5);
        ExpectMsg("a double");
        Sys.ActorOf<CatchAll>().Tell(1);
        ExpectMsg(2);
        Sys.ActorOf<CatchAll>().Tell("x");
        ExpectMsg("any x");
    }

    [Fact]
    public void What_no_handler_takes_is_published_as_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var sorter = Sys.ActorOf<Sorter>();
        sorter.Tell(-1);
        var unhandled = ExpectMsg<UnhandledMessage>();
        Assert.Equal(-1, unhandled.Message);
        Assert.Equal(sorter, unhandled.Recipient);
        Assert.Equal(TestActor, unhandled.Sender);
    }

    [Fact]
    public void Asynchronous_handler_lets_no_other_message_in_and_keeps_its_sender()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var patient = Sys.ActorOf(Props.Create(() => new Patient(gate.Task)));
        patient.Tell("a");
        patient.Tell("b");
        patient.Tell(0);
        ExpectNoMsg();
        gate.SetResult();
        ExpectMsgFrom(patient, "a");
        ExpectMsgFrom(patient, "b");
        Assert.Equal(["a begins", "a ends", "b begins", "b ends"], ExpectMsg<string[]>());
    }
}

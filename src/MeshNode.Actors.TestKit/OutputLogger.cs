using MeshNode.Actors.Event;
using Xunit.Abstractions;

namespace MeshNode.Actors.TestKit;

/// <summary>Writes log events to the test's output, but for those that the test muted.</summary>
internal sealed class OutputLogger(TestKitContext context, ITestOutputHelper output) : InternalActorRef
{
    private volatile bool _ended;

    public override ActorPath Path { get; } = ActorPath.Root("test").Child("outputLogger", 0);

    public override ActorSystemImpl? System => null;

    public void End() => _ended = true;

    public override void Tell(object message, IActorRef? sender)
    {
        if (!_ended && message is LogEvent && !context.Muted.Contains(message))
        {
            try
            {
                output.WriteLine(message.ToString());
            }
            catch (InvalidOperationException)
            {
                _ended = true; // xunit takes nothing more when the test has ended
            }
        }
    }
}

using System.Runtime.InteropServices;
using MeshNode.Node.Hosting;

namespace MeshNode.Node.Tests.Hosting;

public sealed class ShutdownSignalsTests
{
    private readonly List<int> _exits = [];

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGHUP)]
    public async Task The_first_signal_asks_for_a_graceful_stop(PosixSignal signal)
    {
        using var signals = new ShutdownSignals(_exits.Add);
        var context = new PosixSignalContext(signal);
        signals.Handle(context);
        await WaitAsync(signals.Requested);
        Assert.True(context.Cancel);
        Assert.Equal(signal.ToString(), signals.Cause);
        Assert.Empty(_exits);
    }

    [Fact]
    public void A_second_control_c_ends_the_process_at_once()
    {
        using var signals = new ShutdownSignals(_exits.Add);
        signals.Handle(new PosixSignalContext(PosixSignal.SIGINT));
        signals.Handle(new PosixSignalContext(PosixSignal.SIGINT));
        Assert.Equal([130], _exits);
    }

    [Fact]
    public void A_second_sigterm_changes_nothing() // service managers repeat themselves
    {
        using var signals = new ShutdownSignals(_exits.Add);
        signals.Handle(new PosixSignalContext(PosixSignal.SIGTERM));
        signals.Handle(new PosixSignalContext(PosixSignal.SIGTERM));
        Assert.Empty(_exits);
    }

    private static async Task WaitAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using (token.Register(cancelled.SetResult))
        {
            await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        }
    }
}

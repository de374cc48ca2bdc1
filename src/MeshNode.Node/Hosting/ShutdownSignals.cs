using System.Runtime.InteropServices;

namespace MeshNode.Node.Hosting;

/// <summary>
/// SIGTERM, SIGINT (Ctrl-C) and SIGHUP ask for a graceful stop; a second Ctrl-C ends the process at once.
/// </summary>
internal sealed class ShutdownSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly Action<int> _exit;
    private readonly PosixSignalRegistration[] _registrations;
    private int _isRequested;

    public ShutdownSignals(Action<int> exit)
    {
        _exit = exit;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>The first signal, for the log.</summary>
    public string Cause { get; private set; } = "asked to stop";

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    /// <summary>Called by the runtime on a thread of its own.</summary>
    internal void Handle(PosixSignalContext context)
    {
        context.Cancel = true; // of the default action, which would end the process here
        if (Interlocked.Exchange(ref _isRequested, 1) == 0)
        {
            Cause = context.Signal.ToString();
            _ = _requested.CancelAsync();
        }
        else if (context.Signal == PosixSignal.SIGINT)
        {
            _exit(ExitCode.Interrupted);
        }
    }
}

using System.Net;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets.Candidates;
using MeshNode.Rtc.Sockets.Udp;

namespace MeshNode.Rtc.Sockets;

/// <summary>
/// One thread, one UDP port, many connections. A turn: receive a batch and route it, run work, fire timers, let owners read
/// events, send what the connections have to send; then sleep until something arrives, work comes or a timeout is due.
/// Each step is bounded, so that no one peer keeps the others waiting.
/// </summary>
public sealed class RtcEventLoop : IAsyncDisposable
{
    /// <summary>Pieces of work a turn; the rest waits for the next batch to be received first.</summary>
    private const int MaxWorkPerTurn = 1024;

    private readonly RtcEventLoopOptions _options;
    private readonly MonotonicClock _clock;
    private readonly IUdpPort _port;
    private readonly WorkQueue _work = new();
    private readonly ConnectionTable _connections;
    private readonly SpinPolicy _spin;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private long _turns;
    private long _sleeps;
    private long _spins;
    private long _exceptions;

    private RtcEventLoop(RtcEventLoopOptions options, TimeProvider clock, IUdpPort port)
    {
        _options = options;
        _clock = new MonotonicClock(clock);
        _port = port;
        _connections = new ConnectionTable(port, Report);
        // Where there is one processor, looking keeps it from whoever would send something.
        _spin = new SpinPolicy(Environment.ProcessorCount > 1 ? options.SpinTime : TimeSpan.Zero);
        LocalEndPoints = port.LocalEndPoints;
        HostCandidates = Candidates.HostCandidates.Gather(LocalEndPoints, HostAddresses.Enumerate(), options.IncludeLoopback);
        _thread = new Thread(Run) { IsBackground = true, Name = $"rtc :{Port}" };
    }

    /// <summary>The loop's clock; from any thread.</summary>
    public MonotonicTime Now => _clock.Now;

    public bool IsLoopThread => Thread.CurrentThread == _thread;

    /// <summary>The port number of the first bound address.</summary>
    public int Port => LocalEndPoints[0].Port;

    /// <summary>What is bound, with real ports.</summary>
    public IReadOnlyList<IPEndPoint> LocalEndPoints { get; }

    /// <summary>As of the loop's start; every attached connection gets them.</summary>
    public IReadOnlyList<IceCandidate> HostCandidates { get; }

    public RtcEventLoopStatistics Statistics => new(
        Interlocked.Read(ref _turns),
        Interlocked.Read(ref _sleeps),
        Interlocked.Read(ref _spins),
        _connections.Count,
        _port.Statistics.DatagramsReceived,
        _connections.Unroutable,
        _port.Statistics.DatagramsSent,
        _port.Statistics.DatagramsRefused,
        _port.Statistics.ReceiveCalls,
        _port.Statistics.SendCalls,
        _port.Statistics.SegmentedSends,
        _port.Statistics.CoalescedReceives,
        Interlocked.Read(ref _exceptions));

    /// <summary>Binds and begins.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="clock">Null: the system's. Waits always take real time.</param>
    /// <exception cref="UdpBindException">An address cannot be bound; its message is fit for a user.</exception>
    public static RtcEventLoop Start(RtcEventLoopOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var port = UdpPort.Open(options);
        try
        {
            var loop = new RtcEventLoop(options, clock ?? TimeProvider.System, port);
            loop._thread.Start();
            return loop;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs work on the loop's thread, in the order of the calls of each thread; from any thread. What comes after the
    /// loop's end is not run.
    /// </summary>
    public void Execute(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_work.Enqueue(work))
        {
            _port.Wake();
        }
    }

    /// <summary>Gives a connection its datagrams, its time and this machine's candidates. On the loop's thread.</summary>
    /// <param name="connection">Without local candidates; stays its owner's to dispose, after the registration.</param>
    /// <param name="readable">
    /// Called on the loop, at most once a batch, when the connection may have events: read them all with
    /// <see cref="PeerConnection.TryReadEvent"/>. Who reads them later calls <see cref="RtcRegistration.RequestService"/>
    /// afterwards: reading opens the receive window. What it throws is reported and goes no further.
    /// </param>
    /// <param name="candidates">
    /// Instead of <see cref="HostCandidates"/>. With a wildcard bind these may be any addresses that the machine answers to:
    /// a load generator gives each far peer a source address of 127/8 of its own.
    /// </param>
    /// <exception cref="InvalidOperationException">Another thread, or the connection is attached already.</exception>
    public RtcRegistration Attach(
        PeerConnection connection,
        Action<RtcRegistration> readable,
        IReadOnlyList<IceCandidate>? candidates = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(readable);
        RequireLoopThread();
        var registration = new RtcRegistration(this, connection, readable);
        _connections.Add(registration);
        var now = Now;
        foreach (var candidate in candidates ?? HostCandidates)
        {
            connection.AddLocalCandidate(now, candidate);
        }

        connection.SetLocalCandidatesComplete(now);
        _connections.Touch(registration);
        return registration;
    }

    /// <summary>
    /// Ends the loop: work that was there before is run, what it sent is given to the kernel, the port is closed and the
    /// connections are detached. From any thread; completes when the thread is done. A second call waits for the first.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _stopping = true;
        if (_work.NeedsWake())
        {
            _port.Wake();
        }

        return new ValueTask(_ended.Task);
    }

    /// <summary>When the loop wakes by itself; null when nothing waits for time. On the loop's thread, for tests.</summary>
    internal MonotonicTime? NextTimeout => _connections.NextTimeout;

    internal void RequestService(RtcRegistration registration)
    {
        RequireLoopThread();
        _connections.Touch(registration);
    }

    internal void Detach(RtcRegistration registration)
    {
        if (IsLoopThread)
        {
            _connections.Remove(registration);
        }
        else
        {
            Execute(() => _connections.Remove(registration));
        }
    }

    private void RequireLoopThread()
    {
        if (!IsLoopThread)
        {
            throw new InvalidOperationException("A connection belongs to its loop's thread; use Execute to get there.");
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                Turn();
            }

            Turn(); // what was there before the end
        }
        catch (Exception exception)
        {
            Report(exception); // a fault of this class; nothing a callback does comes here
        }
        finally
        {
            _connections.Clear();
            _port.Dispose();
            _ended.SetResult();
        }
    }

    private void Turn()
    {
        Volatile.Write(ref _turns, _turns + 1);
        _connections.Receive(Now);
        _connections.FireTimeouts(Now);
        _connections.Announce();
        RunWork();
        var isDone = _connections.Transmit(_clock);
        if (!isDone || _stopping)
        {
            return;
        }

        var start = Now;
        var slept = !TrySpin(start);
        if (slept)
        {
            Sleep();
        }

        _spin.Record(Now - start, slept);
    }

    /// <summary>Looks for a bounded time. False when nothing came.</summary>
    private bool TrySpin(MonotonicTime start)
    {
        var budget = _spin.Budget;
        if (budget == TimeSpan.Zero)
        {
            return false;
        }

        var end = start + budget;
        if (_connections.NextTimeout is { } timeout && timeout < end)
        {
            end = timeout;
        }

        for (MonotonicTime now = start, before = start; now < end && now - before < budget / 2; before = now, now = Now)
        {
            if (!_work.IsEmpty || _port.Wait(TimeSpan.Zero))
            {
                Volatile.Write(ref _spins, _spins + 1);
                return true;
            }
        }

        return false; // also when half the time went by between two looks: others need the processor
    }

    private void Sleep()
    {
        if (!_work.TryBeginSleep())
        {
            return;
        }

        // Stopping is set before the flag is read (NeedsWake), and the flag was set before this look at stopping.
        if (!_stopping)
        {
            Volatile.Write(ref _sleeps, _sleeps + 1);
            _port.Wait(_connections.NextTimeout - Now);
        }

        _work.EndSleep();
    }

    private void RunWork()
    {
        for (var i = 0; i < MaxWorkPerTurn && _work.TryDequeue(out var work); i++)
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                Report(exception);
            }
        }
    }

    private void Report(Exception exception)
    {
        Volatile.Write(ref _exceptions, _exceptions + 1);
        try
        {
            if (_options.UnhandledException is { } handler)
            {
                handler(exception);
            }
            else
            {
                Console.Error.WriteLine($"rtc :{Port}: unhandled exception: {exception}");
            }
        }
        catch (Exception)
        {
            // The handler failed at reporting; the counter has it, and the loop must go on.
        }
    }
}

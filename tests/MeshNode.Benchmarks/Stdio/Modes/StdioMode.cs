using System.Diagnostics;

namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>What a channel is busy with. Everything happens on the loop.</summary>
internal abstract class StdioMode(string name, StdioChannel channel)
{
    private long _startedAt;

    public string Name => name;

    /// <summary>It says done at its end.</summary>
    public virtual bool Ends => true;

    /// <summary>It takes the messages that arrive; a channel has one such mode at a time, and one that sends.</summary>
    public virtual bool Receives => false;

    public virtual bool Sends => false;

    /// <summary>False while messages had better stay with SCTP, so that the far side waits.</summary>
    public virtual bool CanRead => true;

    /// <summary>Received or sent, of whole messages.</summary>
    public long Bytes { get; protected set; }

    /// <summary>Microseconds, of modes that take times.</summary>
    public List<double> Samples { get; } = [];

    protected StdioChannel Channel => channel;

    /// <summary>Since the mode began, or since what it measures began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    public void Start()
    {
        RestartClock();
        Begin();
    }

    /// <summary>A message has arrived.</summary>
    public virtual void Receive(ReadOnlySpan<byte> message)
    {
    }

    /// <summary>The channel's buffer has become low.</summary>
    public virtual void Continue()
    {
    }

    /// <summary>It has ended.</summary>
    public virtual void End()
    {
    }

    protected virtual void Begin()
    {
    }

    protected void RestartClock() => _startedAt = Stopwatch.GetTimestamp();
}

using MeshNode.Benchmarks.Stdio.Modes;
using MeshNode.Rtc.DataChannels;

namespace MeshNode.Benchmarks.Stdio;

/// <summary>A data channel by its label, and its modes: one that receives and one that sends, or one that does both. On the loop.</summary>
internal sealed class StdioChannel(StdioPeer peer, string label)
{
    private readonly List<StdioMode> _modes = [];
    private readonly Queue<StdioMode> _waiting = new(); // for the channel to open
    private long _uncounted;

    public string Label => label;

    /// <summary>Null until it was made here or announced.</summary>
    public DataChannel? Channel { get; set; }

    public bool IsOpen => Channel?.ReadyState == DataChannelState.Open;

    public long BufferedAmount => Channel!.BufferedAmount;

    public long LowThreshold
    {
        set => Channel!.BufferedAmountLowThreshold = value;
    }

    /// <summary>Every mode allows to read on.</summary>
    public bool CanRead => _modes.TrueForAll(mode => mode.CanRead);

    public void Start(StdioMode mode)
    {
        if (!IsOpen)
        {
            _waiting.Enqueue(mode);
            return;
        }

        var rivals = _modes.Where(other => (other.Receives && mode.Receives) || (other.Sends && mode.Sends)).ToArray();
        if (Array.Find(rivals, other => other.Ends) is { } busy)
        {
            peer.Report($"{mode.Name}: {busy.Name} is not done yet");
            return;
        }

        foreach (var endless in rivals)
        {
            endless.End();
            _modes.Remove(endless);
        }

        _modes.Add(mode);
        peer.Say("ok", mode, isEnd: false);
        mode.Start();
    }

    public void Opened()
    {
        while (IsOpen && _waiting.TryDequeue(out var mode))
        {
            Start(mode);
        }
    }

    public void Receive(ReadOnlySpan<byte> message)
    {
        var taken = false;
        for (var i = 0; i < _modes.Count && !taken; i++)
        {
            if (_modes[i].Receives)
            {
                taken = true;
                _modes[i].Receive(message);
            }
        }

        if (!taken)
        {
            _uncounted += message.Length; // it may have overtaken the line that says what to do with it
        }
    }

    public void Continue()
    {
        for (var i = _modes.Count - 1; i >= 0; i--)
        {
            if (_modes[i].Sends)
            {
                _modes[i].Continue();
            }
        }
    }

    public bool TrySend(ReadOnlySpan<byte> message) => peer.TrySend(Channel!, message);

    /// <summary>Bytes that came before there was a mode to count them.</summary>
    public long TakeUncounted()
    {
        var bytes = _uncounted;
        _uncounted = 0;
        return bytes;
    }

    public void Complete(StdioMode mode)
    {
        if (_modes.Remove(mode))
        {
            mode.End();
            peer.Say("done", mode, isEnd: true);
        }
    }

    /// <summary>Ends all modes as far as they are.</summary>
    public void Stop()
    {
        _waiting.Clear();
        foreach (var mode in _modes.ToArray())
        {
            if (mode.Ends)
            {
                Complete(mode);
            }
            else
            {
                mode.End();
                _modes.Remove(mode);
            }
        }
    }

    public void Sample()
    {
        foreach (var mode in _modes)
        {
            peer.Say("sample", mode, isEnd: false);
        }
    }

    /// <summary>The connection is lost: what still runs will not end.</summary>
    public void Abandon()
    {
        foreach (var mode in _modes)
        {
            mode.End();
        }

        _modes.Clear();
        _waiting.Clear();
    }

    public void Report(string message) => peer.Report(message);

    /// <summary>On the loop, soon; from any thread.</summary>
    public void Execute(Action work) => peer.Loop.Execute(work);
}

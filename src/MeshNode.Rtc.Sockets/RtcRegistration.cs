namespace MeshNode.Rtc.Sockets;

/// <summary>
/// A connection's place on its loop. Everything here belongs to the loop's thread; only <see cref="Dispose"/> may be
/// called from others, and then happens soon.
/// </summary>
public sealed class RtcRegistration : IDisposable, ITimeoutEntry
{
    internal RtcRegistration(RtcEventLoop loop, PeerConnection connection, Action<RtcRegistration> readable)
    {
        Loop = loop;
        Connection = connection;
        Readable = readable;
    }

    public PeerConnection Connection { get; }

    public RtcEventLoop Loop { get; }

    /// <summary>False after <see cref="Dispose"/>, after the loop's end, and when the connection itself threw.</summary>
    public bool IsAttached { get; internal set; } = true;

    internal Action<RtcRegistration> Readable { get; }

    /// <summary>It is in the loop's list of connections to look after.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Something came in that may have made events.</summary>
    internal bool IsTouched { get; set; }

    int ITimeoutEntry.HeapIndex { get; set; } = -1;

    MonotonicTime ITimeoutEntry.ArmedAt { get; set; }

    /// <summary>
    /// After every call into the connection that may have given it something to do (Send, Close, a description…): at the
    /// end of this turn of the loop its datagrams are sent, its timeout is armed anew and its events are announced.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called on another thread; use <see cref="RtcEventLoop.Execute"/>.</exception>
    public void RequestService() => Loop.RequestService(this);

    /// <summary>Takes the connection off the loop. The connection itself stays its owner's to dispose.</summary>
    public void Dispose() => Loop.Detach(this);
}

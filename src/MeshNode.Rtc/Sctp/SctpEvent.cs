namespace MeshNode.Rtc.Sctp;

internal enum SctpEventKind
{
    Connected,

    /// <summary>A whole message; its buffer is the reader's, who returns it to <see cref="BufferPool"/>.</summary>
    Message,

    /// <summary>The far side reset the stream that it sends on.</summary>
    IncomingStreamReset,

    /// <summary>The far side reset every stream that it sends on.</summary>
    AllIncomingStreamsReset,

    /// <summary>The far side answered our reset; the stream that we send on begins anew (unless it refused).</summary>
    OutgoingStreamReset,

    /// <summary>A stream's buffered amount fell to its threshold.</summary>
    BufferedAmountLow,

    /// <summary>The last event; no error after a graceful shutdown.</summary>
    Closed,
}

/// <summary>Something that happened on an association.</summary>
internal readonly record struct SctpEvent(SctpEventKind Kind, StreamId StreamId = default, uint Ppid = 0, byte[]? Buffer = null, int Length = 0, SctpError? Error = null);

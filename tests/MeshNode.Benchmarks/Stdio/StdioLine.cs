namespace MeshNode.Benchmarks.Stdio;

/// <summary>A line that comes in; what is present says what is meant. README.md lists the verbs.</summary>
internal sealed record StdioLine
{
    /// <summary>Of which connection; without it, the one that every process has.</summary>
    public long? Id { get; init; }

    public string? Sdp { get; init; }

    /// <summary>offer or answer.</summary>
    public string? Type { get; init; }

    public string? Cand { get; init; }

    public string? Mid { get; init; }

    /// <summary>sink, echo, source, ping, stamp or late.</summary>
    public string? Mode { get; init; }

    /// <summary>Label of the channel that is meant; <c>d</c> without it.</summary>
    public string? Channel { get; init; }

    /// <summary>To receive, or to send in all.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes of a message.</summary>
    public int? Size { get; init; }

    /// <summary>Messages.</summary>
    public int? Count { get; init; }

    /// <summary>Milliseconds between two messages.</summary>
    public double? Every { get; init; }

    /// <summary>Bytes that a source keeps waiting in the channel at most.</summary>
    public long? Ahead { get; init; }

    /// <summary>1 to make another connection, of <see cref="Id"/>, and offer it.</summary>
    public int? Offer { get; init; }

    /// <summary>Label of another channel to open.</summary>
    public string? Create { get; init; }

    /// <summary>Of RFC 8831 section 6.4: 128, 256, 512 or 1024.</summary>
    public int? Priority { get; init; }

    /// <summary>1 to end every mode of the connection.</summary>
    public int? Stop { get; init; }

    /// <summary>1 to be told how far the modes are.</summary>
    public int? Sample { get; init; }

    /// <summary>1 to end the connection of <see cref="Id"/>.</summary>
    public int? Close { get; init; }

    /// <summary>1 to end the process.</summary>
    public int? Quit { get; init; }
}

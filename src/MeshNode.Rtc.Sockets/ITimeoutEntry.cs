namespace MeshNode.Rtc.Sockets;

/// <summary>What a <see cref="TimeoutHeap{T}"/> keeps in its entries; nobody else writes it.</summary>
internal interface ITimeoutEntry
{
    /// <summary>-1 when not armed, also at first.</summary>
    int HeapIndex { get; set; }

    MonotonicTime ArmedAt { get; set; }
}

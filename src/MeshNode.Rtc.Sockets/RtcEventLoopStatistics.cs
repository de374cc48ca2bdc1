namespace MeshNode.Rtc.Sockets;

/// <summary>Counters of a loop since its start; a snapshot whose values may be a moment apart.</summary>
/// <param name="Turns">Times around the loop.</param>
/// <param name="Sleeps">Times that it waited in the kernel.</param>
/// <param name="Spins">Times that something came while it looked, so that it did not have to sleep.</param>
/// <param name="Connections">Attached now.</param>
/// <param name="DatagramsReceived">Handed over by the kernel.</param>
/// <param name="DatagramsUnroutable">Received for no connection here.</param>
/// <param name="DatagramsSent">Taken by the kernel.</param>
/// <param name="DatagramsRefused">Refused by the kernel: no route, no such local address.</param>
/// <param name="ReceiveCalls">System calls that received something.</param>
/// <param name="SendCalls">System calls that sent something.</param>
/// <param name="SegmentedSends">Messages of several datagrams (UDP GSO).</param>
/// <param name="CoalescedReceives">Messages of several datagrams (UDP GRO).</param>
/// <param name="Exceptions">Thrown by callbacks and connections, and reported.</param>
public readonly record struct RtcEventLoopStatistics(
    long Turns,
    long Sleeps,
    long Spins,
    int Connections,
    long DatagramsReceived,
    long DatagramsUnroutable,
    long DatagramsSent,
    long DatagramsRefused,
    long ReceiveCalls,
    long SendCalls,
    long SegmentedSends,
    long CoalescedReceives,
    long Exceptions);

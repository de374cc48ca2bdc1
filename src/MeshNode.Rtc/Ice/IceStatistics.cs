namespace MeshNode.Rtc.Ice;

/// <summary>Counters of one agent, all since it was made.</summary>
/// <param name="ChecksSent">Requests sent, retransmissions and consent checks included.</param>
/// <param name="ResponsesReceived">Authentic answers to them, errors included.</param>
/// <param name="RequestsReceived">Authentic checks of the far side.</param>
/// <param name="Malformed">Datagrams that were no well-formed Binding message.</param>
/// <param name="Unauthenticated">Well-formed messages whose credentials or integrity were missing or wrong.</param>
/// <param name="Unmatched">Responses to no request of ours.</param>
public readonly record struct IceStatistics(
    long ChecksSent, long ResponsesReceived, long RequestsReceived, long Malformed, long Unauthenticated, long Unmatched);

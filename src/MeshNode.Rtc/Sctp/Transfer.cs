namespace MeshNode.Rtc.Sctp;

/// <summary>What exists from the moment that both sides' first TSNs are known.</summary>
internal sealed record Transfer(TransmissionControl Transmission, ReceptionControl Reception, StreamResetHandler StreamReset);

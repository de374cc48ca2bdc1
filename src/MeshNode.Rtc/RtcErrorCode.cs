namespace MeshNode.Rtc;

/// <summary>What failed. The names are stable: they appear in events, logs and metrics.</summary>
public enum RtcErrorCode
{
    Initialization,
    OfferCreation,
    AnswerCreation,
    AnswerSet,
    IceCandidate,
    IceRestart,
    Channel,
    Send,
    MessageHandling,
    Signaling,
    Authentication,
    Timeout,
    Transfer,
    Recording,
}

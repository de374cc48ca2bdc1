namespace MeshNode.Rtc;

/// <summary>W3C RTCSdpType. Provisional answers are refused: a data-channel session gains nothing from them.</summary>
public enum SdpType
{
    Offer,
    Answer,
    Pranswer,

    /// <summary>Takes the pending offer back (RFC 9429 section 4.1.10.2); its text is ignored.</summary>
    Rollback,
}

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>Results of a re-configuration (RFC 6525 §4.4).</summary>
internal enum ReConfigurationResult : uint
{
    NothingToDo = 0,
    Performed = 1,
    Denied = 2,
    WrongSsn = 3,
    AlreadyInProgress = 4,
    BadSequenceNumber = 5,
    InProgress = 6,
}

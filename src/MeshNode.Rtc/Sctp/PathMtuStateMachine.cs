using static MeshNode.Rtc.Sctp.PathMtuState;
using static MeshNode.Rtc.Sctp.PathMtuTrigger;

namespace MeshNode.Rtc.Sctp;

/// <summary>RFC 8899 §5.2, figure 5, with a beginning that waits for data.</summary>
internal static class PathMtuStateMachine
{
    /// <summary>The next phase; the same one where the trigger means nothing.</summary>
    public static PathMtuState Next(PathMtuState state, PathMtuTrigger trigger) => (state, trigger) switch
    {
        (Disabled, DataFlows) => Base,
        (Base, BaseConfirmed) => Searching,
        (Base, BaseRefused) => Error,
        (Error, BaseConfirmed) => Searching,
        (Searching, SearchExhausted) => SearchComplete,
        (SearchComplete, RaiseDue) => Searching,
        (Searching or SearchComplete, BlackHole) => Base,
        (Base or Searching or SearchComplete or Error, PathChanged) => Base,
        _ => state,
    };
}

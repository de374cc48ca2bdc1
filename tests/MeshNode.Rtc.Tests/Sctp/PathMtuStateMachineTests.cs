using MeshNode.Rtc.Sctp;
using static MeshNode.Rtc.Sctp.PathMtuState;
using static MeshNode.Rtc.Sctp.PathMtuTrigger;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class PathMtuStateMachineTests
{
    /// <summary>Figure 5 of RFC 8899 section 5.2, every arrow and nothing else.</summary>
    [Fact]
    public void Phases_follow_the_figure_of_the_RFC()
    {
        Dictionary<(PathMtuState, PathMtuTrigger), PathMtuState> arrows = new()
        {
            [(Disabled, DataFlows)] = Base,
            [(Base, BaseConfirmed)] = Searching,
            [(Base, BaseRefused)] = Error,
            [(Error, BaseConfirmed)] = Searching,
            [(Searching, SearchExhausted)] = SearchComplete,
            [(SearchComplete, RaiseDue)] = Searching,
            [(Searching, BlackHole)] = Base,
            [(SearchComplete, BlackHole)] = Base,
            [(Base, PathChanged)] = Base,
            [(Searching, PathChanged)] = Base,
            [(SearchComplete, PathChanged)] = Base,
            [(Error, PathChanged)] = Base,
        };
        foreach (var state in Enum.GetValues<PathMtuState>())
        {
            foreach (var trigger in Enum.GetValues<PathMtuTrigger>())
            {
                Assert.Equal(arrows.GetValueOrDefault((state, trigger), state), PathMtuStateMachine.Next(state, trigger));
            }
        }
    }
}

using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

public sealed class RecoveryPermitsTests
{
    [Fact]
    public void Permits_go_round_first_come_first_served_past_those_that_gave_up()
    {
        var permits = new RecoveryPermits(1);
        var first = permits.Request(ActorRefs.Nobody);
        var gaveUp = permits.Request(ActorRefs.Nobody);
        var second = permits.Request(ActorRefs.Nobody);
        Assert.Equal(RecoveryPermit.PermitState.Granted, first.State);
        Assert.Equal(RecoveryPermit.PermitState.Waiting, second.State);
        gaveUp.Release();
        first.Release();
        first.Release(); // again gives nothing away
        Assert.Equal(RecoveryPermit.PermitState.Granted, second.State);
        Assert.Equal(RecoveryPermit.PermitState.Waiting, permits.Request(ActorRefs.Nobody) is var third ? third.State : default);
        second.Release();
        Assert.Equal(RecoveryPermit.PermitState.Granted, third.State);
        third.Release();
        Assert.Equal(RecoveryPermit.PermitState.Granted, permits.Request(ActorRefs.Nobody).State);
    }
}

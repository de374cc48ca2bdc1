using MeshNode.Mesh.Peers;

namespace MeshNode.Mesh.Tests.Peers;

public sealed class PeerStateMachineTests
{
    [Theory]
    [InlineData(PeerState.New, PeerTrigger.ConnectRequested, PeerState.Connecting)]
    [InlineData(PeerState.Connecting, PeerTrigger.LinkEstablished, PeerState.Connected)]
    [InlineData(PeerState.Connected, PeerTrigger.PathLost, PeerState.Disconnected)]
    [InlineData(PeerState.Disconnected, PeerTrigger.PathRestored, PeerState.Connected)]
    [InlineData(PeerState.Disconnected, PeerTrigger.RetryStarted, PeerState.Reconnecting)]
    [InlineData(PeerState.Connected, PeerTrigger.ConnectionLost, PeerState.Reconnecting)]
    [InlineData(PeerState.Reconnecting, PeerTrigger.LinkEstablished, PeerState.Connected)]
    [InlineData(PeerState.Reconnecting, PeerTrigger.AttemptsExhausted, PeerState.Failed)]
    [InlineData(PeerState.Failed, PeerTrigger.ConnectRequested, PeerState.Connecting)]
    [InlineData(PeerState.Closed, PeerTrigger.OfferReceived, PeerState.Connecting)]
    [InlineData(PeerState.Connected, PeerTrigger.OfferReceived, PeerState.Reconnecting)]
    [InlineData(PeerState.Connected, PeerTrigger.GoodbyeReceived, PeerState.Closed)]
    public void Legal_transition(PeerState from, PeerTrigger trigger, PeerState to) =>
        Assert.Equal(to, PeerStateMachine.Next(from, trigger));

    [Theory]
    [InlineData(PeerState.New, PeerTrigger.LinkEstablished)]
    [InlineData(PeerState.Closed, PeerTrigger.LinkEstablished)]
    [InlineData(PeerState.Failed, PeerTrigger.ConnectionLost)]
    [InlineData(PeerState.Closed, PeerTrigger.ConnectionLost)]
    [InlineData(PeerState.Closed, PeerTrigger.CloseRequested)]
    [InlineData(PeerState.Connected, PeerTrigger.ConnectRequested)]
    [InlineData(PeerState.New, PeerTrigger.PathLost)]
    public void Illegal_transition_does_nothing(PeerState from, PeerTrigger trigger) =>
        Assert.Null(PeerStateMachine.Next(from, trigger));

    [Fact]
    public void Every_state_can_be_closed_once()
    {
        foreach (var state in Enum.GetValues<PeerState>())
        {
            Assert.Equal(state == PeerState.Closed ? null : PeerState.Closed, PeerStateMachine.Next(state, PeerTrigger.CloseRequested));
        }
    }
}

using MeshNode.Mesh.Peers;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Peers;

public sealed class PeerNegotiationTests
{
    private readonly ScriptedConnections _connections = new();

    private PeerNegotiation Negotiation(bool polite) => new(_connections, polite, new SeededRandomSource(1), () => { });

    [Fact]
    public void Offer_stays_pending_until_its_answer_comes()
    {
        var negotiation = Negotiation(polite: true);
        var offer = negotiation.StartConnection();

        Assert.Equal(offer, negotiation.PendingOffer);
        Assert.False(negotiation.HandleAnswer("0000000000000000", "answer", out _));
        Assert.True(negotiation.HandleAnswer(offer.Connection, "answer", out _));

        Assert.Null(negotiation.PendingOffer);
        Assert.False(negotiation.HandleAnswer(offer.Connection, "answer", out _));
        Assert.Equal(["answer"], _connections.Last.Accepted);
    }

    [Fact]
    public void Polite_side_gives_way_in_glare()
    {
        var negotiation = Negotiation(polite: true);
        negotiation.StartConnection();

        var outcome = negotiation.HandleOffer("abc", "their offer", 1, out var answer, out _);

        Assert.Equal(OfferOutcome.AnsweredWithNewConnection, outcome);
        Assert.Equal("abc", answer.Connection);
        Assert.True(_connections.Made[0].IsDisposed);
        Assert.False(negotiation.IsOfferer);
        Assert.Null(negotiation.PendingOffer);
    }

    [Fact]
    public void Impolite_side_ignores_the_offer_in_glare()
    {
        var negotiation = Negotiation(polite: false);
        var offer = negotiation.StartConnection();

        Assert.Equal(OfferOutcome.Ignored, negotiation.HandleOffer("abc", "their offer", 1, out _, out _));

        Assert.Equal(offer, negotiation.PendingOffer);
        Assert.True(negotiation.HandleAnswer(offer.Connection, "answer", out _));
    }

    [Fact]
    public void Repeated_offer_gets_the_same_answer_and_no_second_connection()
    {
        var negotiation = Negotiation(polite: true);
        negotiation.HandleOffer("abc", "offer", 5, out var first, out _);

        Assert.Equal(OfferOutcome.Answered, negotiation.HandleOffer("abc", "offer", 6, out var second, out _));

        Assert.Equal(first, second);
        Assert.Single(_connections.Made);
    }

    [Fact]
    public void Older_offer_that_was_overtaken_is_stale()
    {
        var negotiation = Negotiation(polite: true);
        negotiation.HandleOffer("new", "offer", 5, out _, out _);

        Assert.Equal(OfferOutcome.Stale, negotiation.HandleOffer("old", "offer", 4, out _, out _));
        Assert.Equal("new", negotiation.Connection);
    }

    [Fact]
    public void Ice_restart_keeps_the_connection()
    {
        var negotiation = Negotiation(polite: true);
        var first = negotiation.StartConnection();
        negotiation.HandleAnswer(first.Connection, "answer", out _);

        var restart = negotiation.RestartIce();

        Assert.Equal(first.Connection, restart!.Value.Connection);
        Assert.EndsWith("restart", restart.Value.Sdp, StringComparison.Ordinal);
        Assert.Single(_connections.Made);
    }

    [Fact]
    public void Candidates_that_come_early_wait_for_their_description()
    {
        var negotiation = Negotiation(polite: true);
        negotiation.HandleCandidate("abc", "one");
        negotiation.HandleCandidate("other", "two");

        negotiation.HandleOffer("abc", "offer", 1, out _, out _);
        negotiation.HandleCandidate("abc", "three");

        Assert.Equal(["one", "three"], _connections.Last.Candidates);
    }

    [Fact]
    public void Early_candidates_are_bounded()
    {
        var negotiation = Negotiation(polite: true);
        for (var i = 0; i < 1000; i++)
        {
            negotiation.HandleCandidate("abc", $"{i}");
        }

        negotiation.HandleOffer("abc", "offer", 1, out _, out _);

        Assert.Equal(64, _connections.Last.Candidates.Count);
    }
}

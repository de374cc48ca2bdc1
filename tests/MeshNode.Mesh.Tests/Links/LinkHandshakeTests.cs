using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Links;

public sealed class LinkHandshakeTests : IDisposable
{
    private const string Token = "a token that nobody guesses";

    private static readonly ChannelBinding Dtls = ChannelBinding.FromFingerprints(new byte[32], Enumerable.Repeat((byte)1, 32).ToArray());
    private readonly NodeIdentity _alice = TestIdentity.Create("alice");
    private readonly NodeIdentity _bob = TestIdentity.Create("bob");
    private readonly NodeIdentity _mallory = TestIdentity.Create("mallory");
    private readonly SeededRandomSource _random = new(1);

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _mallory.Dispose();
    }

    [Fact]
    public void Two_sides_prove_their_keys_and_are_up()
    {
        var opener = Opener(_alice);
        var accepter = Accepter(_bob);
        Exchange(opener, accepter);

        Assert.Equal(LinkHandshakeState.Up, opener.State);
        Assert.Equal(LinkHandshakeState.Up, accepter.State);
        Assert.Equal(_bob.Id, opener.Peer!.Bundle.Id);
        Assert.Equal(_bob.BootNonce, opener.Peer.BootNonce);
        Assert.Equal(_alice.Id, accepter.Peer!.Bundle.Id);
        Assert.Null(opener.NextTimeout);
        Assert.Equal(3ul, opener.NextSequence); // hello, proof, welcome
    }

    [Fact]
    public void Browser_that_signs_with_its_root_key_is_up()
    {
        using var browser = TestIdentity.Create("tab", browser: true);
        var opener = Opener(browser);
        var accepter = Accepter(_bob);
        Exchange(opener, accepter);

        Assert.Equal(LinkHandshakeState.Up, opener.State);
        Assert.Equal(LinkHandshakeState.Up, accepter.State);
    }

    [Fact]
    public void Neither_side_is_up_before_it_was_welcomed()
    {
        var opener = Opener(_alice);
        var accepter = Accepter(_bob);
        Assert.True(opener.TryReadFrame(out var hello));
        accepter.HandleFrame(default, hello);
        Assert.True(accepter.TryReadFrame(out hello));
        Assert.True(accepter.TryReadFrame(out var proof));
        opener.HandleFrame(default, hello);
        opener.HandleFrame(default, proof);

        Assert.Equal(LinkHandshakeState.AwaitingProof, accepter.State);
        Assert.Equal(LinkHandshakeState.AwaitingWelcome, opener.State);
        Exchange(opener, accepter);
        Assert.Equal(LinkHandshakeState.Up, opener.State);
    }

    [Fact]
    public void Link_to_oneself_is_refused()
    {
        var opener = Opener(_alice);
        var accepter = Accepter(_alice);
        Exchange(opener, accepter);

        Assert.Equal(LinkFailure.SelfLink, accepter.Failure);
        Assert.Equal(LinkHandshakeState.Failed, opener.State);
    }

    [Fact]
    public void Peer_that_is_not_the_one_wanted_is_refused()
    {
        var opener = Opener(_alice, configuration => configuration with { ExpectedPeer = _mallory.Id });
        Exchange(opener, Accepter(_bob));

        Assert.Equal(LinkFailure.UnexpectedPeer, opener.Failure);
        Assert.Contains(_bob.Id.ToString(), opener.FailureText, StringComparison.Ordinal);
    }

    [Fact]
    public void Opener_has_chosen_whom_it_dials()
    {
        var opener = Opener(_alice, configuration => configuration with { Admission = AdmissionPolicy.Closed });
        var accepter = Accepter(_bob);
        Exchange(opener, accepter);

        Assert.Equal(LinkHandshakeState.Up, accepter.State);
    }

    [Fact]
    public void Accepter_admits_by_its_policy_even_whom_it_expects()
    {
        var accepter = Accepter(_bob, configuration => configuration with { ExpectedPeer = _alice.Id, Admission = AdmissionPolicy.Closed });
        Exchange(Opener(_alice), accepter);

        Assert.Equal(LinkFailure.NotAdmitted, accepter.Failure);
    }

    [Fact]
    public void Accepter_refuses_whom_it_does_not_expect()
    {
        var accepter = Accepter(_bob, configuration => configuration with { ExpectedPeer = _mallory.Id });
        Exchange(Opener(_alice), accepter);

        Assert.Equal(LinkFailure.UnexpectedPeer, accepter.Failure);
    }

    [Theory]
    [InlineData(Token, true)]
    [InlineData("another token, just as long", false)]
    [InlineData(null, false)]
    public void Invite_token_decides(string? token, bool admitted)
    {
        var opener = Opener(_alice, configuration => configuration with { Invite = token is null ? null : InviteToken.Parse(token) });
        var accepter = Accepter(_bob, configuration => configuration with { Admission = AdmissionPolicy.Invite(InviteToken.Parse(Token)) });
        Exchange(opener, accepter);

        Assert.Equal(admitted ? LinkHandshakeState.Up : LinkHandshakeState.Failed, accepter.State);
        Assert.Equal(admitted ? LinkFailure.None : LinkFailure.NotAdmitted, accepter.Failure);
        Assert.Equal(admitted ? LinkFailure.None : LinkFailure.Refused, opener.Failure);
        Assert.Equal(accepter.FailureText, opener.FailureText); // the one who is refused learns why
    }

    [Fact]
    public void Listed_ids_decide()
    {
        var listed = Accepter(_bob, configuration => configuration with { Admission = AdmissionPolicy.Listed(_alice.Id) });
        Exchange(Opener(_alice), listed);
        var notListed = Accepter(_bob, configuration => configuration with { Admission = AdmissionPolicy.Listed(_mallory.Id) });
        Exchange(Opener(_alice), notListed);

        Assert.Equal(LinkHandshakeState.Up, listed.State);
        Assert.Equal(LinkFailure.NotAdmitted, notListed.Failure);
    }

    [Fact]
    public void Man_between_two_DTLS_connections_has_another_binding_and_is_refused()
    {
        var other = ChannelBinding.FromFingerprints(new byte[32], Enumerable.Repeat((byte)2, 32).ToArray());
        var opener = Opener(_alice, configuration => configuration with { Binding = Dtls });
        var accepter = Accepter(_bob, configuration => configuration with { Binding = other });
        Exchange(opener, accepter); // every frame is passed on as it is

        Assert.Equal(LinkFailure.BadProof, accepter.Failure);
        Assert.NotEqual(LinkHandshakeState.Up, opener.State);
    }

    [Fact]
    public void Proof_of_an_earlier_handshake_is_refused()
    {
        var recorded = new List<byte[]>();
        Exchange(Opener(_alice), Accepter(_bob), recorded.Add);
        var accepter = Accepter(_bob);
        accepter.HandleFrame(default, recorded[0]); // Alice's old hello
        accepter.HandleFrame(default, recorded.First(frame => frame[1] == (byte)FrameKind.Proof));

        Assert.Equal(LinkFailure.BadProof, accepter.Failure);
    }

    [Fact]
    public void Hello_sent_back_to_its_maker_is_refused()
    {
        // Mallory opens a link to Bob, lets Bob open one to her, and hands Bob his own frames.
        var accepter = Accepter(_bob);
        var opener = Opener(_bob);
        Assert.True(opener.TryReadFrame(out var hello));
        accepter.HandleFrame(default, hello);

        Assert.Equal(LinkFailure.SelfLink, accepter.Failure);
    }

    [Fact]
    public void Two_openers_do_not_link()
    {
        var one = Opener(_alice);
        var two = Opener(_bob);
        Exchange(one, two);

        Assert.Equal(LinkHandshakeState.Failed, one.State);
        Assert.Equal(LinkHandshakeState.Failed, two.State);
    }

    [Fact]
    public void Proof_by_who_has_not_the_key_is_refused()
    {
        using var pretender = new NodeIdentity(
            TestIdentity.SigningKey("mallory signing"), System.Security.Cryptography.ECDiffieHellman.Create(), _alice.Bundle, 1, default, directoryLock: null);
        var accepter = Accepter(_bob);
        Exchange(Opener(pretender), accepter);

        Assert.Equal(LinkFailure.BadProof, accepter.Failure);
    }

    [Fact]
    public void Proof_with_its_invite_cut_out_is_refused()
    {
        var opener = Opener(_alice, configuration => configuration with { Invite = InviteToken.Parse(Token) });
        var accepter = Accepter(_bob);
        Exchange(opener, accepter, tamper: frame => frame[1] == (byte)FrameKind.Proof && frame[Frame.HeaderLength] == 1
            ? [.. frame.AsSpan(0, Frame.HeaderLength), 0, .. frame.AsSpan(Frame.HeaderLength + 33)]
            : frame);

        Assert.Equal(LinkFailure.BadProof, accepter.Failure);
    }

    [Fact]
    public void Every_altered_byte_ends_the_handshake()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var at = seed * 7;
            var position = 0;
            var altered = false;
            var opener = Opener(_alice);
            var accepter = Accepter(_bob);
            Exchange(opener, accepter, tamper: frame =>
            {
                var index = at - position;
                position += frame.Length;
                var counts = index >= 0 && index < frame.Length && index is < 4 or >= Frame.HeaderLength; // not the sequence
                if (!counts || frame[1] == (byte)FrameKind.Refused)
                {
                    return frame;
                }

                altered = true;
                var copy = frame.ToArray();
                copy[index] ^= 1;
                return copy;
            });

            Assert.False(altered && opener.State == LinkHandshakeState.Up && accepter.State == LinkHandshakeState.Up, $"byte {at}");
        }
    }

    [Theory]
    [InlineData(FrameKind.Welcome)]
    [InlineData(FrameKind.Proof)]
    [InlineData(FrameKind.Envelope)]
    [InlineData(FrameKind.TextMessage)]
    public void Frame_out_of_turn_ends_the_handshake(FrameKind kind)
    {
        var accepter = Accepter(_bob);
        accepter.HandleFrame(default, Frame.Create(kind, 0, new byte[65]));

        Assert.Equal(LinkFailure.ProtocolError, accepter.Failure);
    }

    [Fact]
    public void Second_hello_ends_the_handshake()
    {
        var accepter = Accepter(_bob);
        Assert.True(Opener(_alice).TryReadFrame(out var hello));
        accepter.HandleFrame(default, hello);
        accepter.HandleFrame(default, hello);

        Assert.Equal(LinkFailure.ProtocolError, accepter.Failure);
    }

    [Fact]
    public void Silence_ends_the_handshake_at_its_deadline()
    {
        var handshake = Opener(_alice);
        var deadline = handshake.NextTimeout!.Value;
        handshake.HandleTimeout(deadline - TimeSpan.FromMilliseconds(1));
        Assert.Equal(LinkHandshakeState.AwaitingHello, handshake.State);
        handshake.HandleTimeout(deadline);

        Assert.Equal(LinkFailure.Timeout, handshake.Failure);
        Assert.Null(handshake.NextTimeout);
    }

    private LinkHandshake Opener(NodeIdentity identity, Func<LinkHandshakeConfiguration, LinkHandshakeConfiguration>? change = null) =>
        Create(identity, LinkRole.Opener, change);

    private LinkHandshake Accepter(NodeIdentity identity, Func<LinkHandshakeConfiguration, LinkHandshakeConfiguration>? change = null) =>
        Create(identity, LinkRole.Accepter, change);

    private LinkHandshake Create(NodeIdentity identity, LinkRole role, Func<LinkHandshakeConfiguration, LinkHandshakeConfiguration>? change)
    {
        var configuration = new LinkHandshakeConfiguration { Identity = identity, Role = role, Binding = ChannelBinding.WebSocket, Admission = AdmissionPolicy.Open };
        return new LinkHandshake(change is null ? configuration : change(configuration), MonotonicTime.Zero, _random);
    }

    private static void Exchange(LinkHandshake one, LinkHandshake two, Action<byte[]>? record = null, Func<byte[], byte[]>? tamper = null)
    {
        for (var progress = true; progress;)
        {
            progress = Pass(one, two) | Pass(two, one);
        }

        bool Pass(LinkHandshake from, LinkHandshake to)
        {
            var any = false;
            while (from.TryReadFrame(out var frame))
            {
                record?.Invoke(frame);
                to.HandleFrame(default, tamper?.Invoke(frame) ?? frame);
                any = true;
            }

            return any;
        }
    }
}

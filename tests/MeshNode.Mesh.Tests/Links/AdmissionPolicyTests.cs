using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Links;

public sealed class AdmissionPolicyTests
{
    private const string Text = "correct horse battery staple";
    private static readonly PeerId Alice = new([.. new byte[31], 1]);
    private static readonly PeerId Bob = new([.. new byte[31], 2]);

    [Fact]
    public void Open_admits_anyone_and_closed_nobody()
    {
        Assert.True(AdmissionPolicy.Open.Admits(Alice, default, default));
        Assert.False(AdmissionPolicy.Closed.Admits(Alice, default, default));
    }

    [Fact]
    public void Listed_admits_who_is_listed()
    {
        var policy = AdmissionPolicy.Listed(Alice);

        Assert.True(policy.Admits(Alice, default, default));
        Assert.False(policy.Admits(Bob, default, default));
    }

    [Fact]
    public void Invite_admits_who_proves_a_token_for_this_handshake()
    {
        var policy = AdmissionPolicy.Invite(InviteToken.Parse("another token, also long"), InviteToken.Parse(Text));
        var mac = InviteToken.Parse(Text).Prove("transcript"u8);

        Assert.True(policy.Admits(Alice, "transcript"u8, mac));
        Assert.False(policy.Admits(Alice, "another handshake"u8, mac));
        Assert.False(policy.Admits(Alice, "transcript"u8, default));
        Assert.False(policy.Admits(Alice, "transcript"u8, new byte[32]));
        Assert.False(policy.Admits(Alice, "transcript"u8, InviteToken.Parse("a wrong token, but long").Prove("transcript"u8)));
    }

    [Fact]
    public void Invite_or_list_is_enough()
    {
        var policy = AdmissionPolicy.InviteOrListed([InviteToken.Parse(Text)], [Alice]);

        Assert.True(policy.Admits(Alice, "t"u8, default));
        Assert.True(policy.Admits(Bob, "t"u8, InviteToken.Parse(Text).Prove("t"u8)));
        Assert.False(policy.Admits(Bob, "t"u8, default));
    }

    [Fact]
    public void Made_token_is_long_enough_and_never_the_same()
    {
        var random = new SeededRandomSource(1);
        var one = InviteToken.CreateText(random);

        Assert.Equal(32, one.Length);
        Assert.NotEqual(one, InviteToken.CreateText(random));
        InviteToken.Parse(one);
    }

    [Fact]
    public void Token_that_can_be_guessed_is_the_callers_mistake() => Assert.Throws<ArgumentException>(() => InviteToken.Parse("short"));
}

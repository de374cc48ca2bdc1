using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;

namespace MeshNode.Mesh.Tests.Wire;

/// <summary>
/// The wire formats of README.md, byte by byte. When one of these fails the format has changed, and running meshes
/// no longer understand each other: that takes a new version number, not new golden bytes.
/// </summary>
public sealed class GoldenTests : IDisposable
{
    private const int BundleLength = 279;

    private readonly Golden _golden = new();

    public void Dispose() => _golden.Dispose();

    [Fact]
    public void Bundle_is_these_bytes()
    {
        var kept = Golden.Bytes("bundle");
        AssertSameBut(kept, _golden.Bundle(), (BundleLength - 64, 64));

        Assert.True(KeyBundle.TryParse(kept, out var bundle));
        Assert.True(bundle.Verify());
        Assert.Equal("bqa3luicelq33fvhbuekbp4yrxxj5nimxai4ep5i5w2mxnon3juq", bundle.Id.ToString());
        Assert.Equal(1ul, bundle.Sequence);
    }

    [Fact]
    public void Advert_is_these_bytes()
    {
        var kept = Golden.Bytes("advert");
        AssertSameBut(kept, _golden.Advert(), (4 + BundleLength - 64, 64), (kept.Length - 64, 64));

        Assert.True(LinkAdvert.TryParse(kept, out var advert));
        Assert.True(advert.Verify());
        Assert.Equal(_golden.Alice.Id, advert.Id);
        Assert.Equal(_golden.Alice.BootNonce, advert.BootNonce);
        Assert.Equal(PeerFlags.Node | PeerFlags.Relays, advert.Flags);
        Assert.Equal(Golden.Sequence, advert.Sequence);
        Assert.Equal("golden", advert.Name);
        Assert.Equal([new Neighbour(_golden.Bob.Id, 12)], advert.Neighbours);
    }

    [Fact]
    public void Hello_is_these_bytes()
    {
        var kept = Golden.Bytes("hello");
        AssertSameBut(kept, _golden.Hello(), (2 + BundleLength - 64, 64));

        Assert.True(Hello.TryParse(kept, out var hello));
        Assert.True(hello.Bundle.Verify());
        Assert.Equal(100, hello.Nonce.Span[0]);
        Assert.Equal(_golden.Alice.BootNonce, hello.BootNonce);
        Assert.Equal(PeerFlags.Node, hello.Flags);
        Assert.Equal("golden/1", hello.Agent);
    }

    [Fact]
    public void Proof_is_these_bytes()
    {
        AssertProof("proof", _golden.Proof(), invited: false);
        AssertProof("proofWithInvite", _golden.ProofWithInvite(), invited: true);
    }

    [Fact]
    public void Envelope_is_these_bytes()
    {
        var kept = Golden.Bytes("envelope");
        AssertSameBut(kept, _golden.Envelope(), (kept.Length - 80, 80)); // signature and tag

        AssertOpens(kept);
    }

    [Fact]
    public void Forwarded_envelope_is_these_bytes()
    {
        var kept = Golden.Bytes("forwardedEnvelope");
        AssertSameBut(kept, _golden.ForwardedEnvelope(), (kept.Length - 80, 80));

        AssertOpens(kept);
        Assert.True(Envelope.TryParse(kept, out var envelope));
        Assert.Equal(4, envelope.HopLimit);
        Assert.Equal([new PeerId([.. new byte[31], 1])], envelope.Path);
    }

    private void AssertProof(string name, byte[] made, bool invited)
    {
        var kept = Golden.Bytes(name);
        AssertSameBut(kept, made, (kept.Length - 64, 64));

        Assert.True(HelloProof.TryParse(kept, out var proof));
        Assert.True(proof.Verify(_golden.Alice.Bundle, Golden.Transcript));
        Assert.Equal(invited, AdmissionPolicy.Invite(Golden.Invite).Admits(_golden.Alice.Id, Golden.Transcript, proof.InviteMac));
    }

    private void AssertOpens(byte[] kept)
    {
        Assert.True(Envelope.TryParse(kept, out var envelope));
        var opener = new EnvelopeOpener(_golden.Bob);
        Assert.True(opener.TryOpen(default, envelope, _golden.Alice.Bundle, new TokenBucket(1, 1), out var opened, out var reason), $"{reason}");
        Assert.Equal(Golden.MessageId, opened.MessageId);
        Assert.Equal(EnvelopeType.Message, opened.Type);
        Assert.Equal(Golden.Sequence, opened.Sequence);
        Assert.Equal("""{"text":"golden"}"""u8.ToArray(), opened.Payload.ToArray());
    }

    private static void AssertSameBut(byte[] kept, byte[] made, params (int Start, int Length)[] random)
    {
        Assert.Equal(kept.Length, made.Length);
        var masked = kept.ToArray();
        foreach (var (start, length) in random)
        {
            made.AsSpan(start, length).CopyTo(masked.AsSpan(start));
        }

        Assert.Equal(Convert.ToHexStringLower(masked), Convert.ToHexStringLower(made));
    }
}

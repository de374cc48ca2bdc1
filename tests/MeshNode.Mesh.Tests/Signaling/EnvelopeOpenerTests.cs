using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class EnvelopeOpenerTests : IDisposable
{
    private readonly NodeIdentity _alice = TestIdentity.Create("alice");
    private readonly NodeIdentity _bob = TestIdentity.Create("bob");
    private readonly NodeIdentity _mallory = TestIdentity.Create("mallory");
    private readonly SeededRandomSource _random = new(1);
    private readonly TokenBucket _budget = new(1, 10_000);
    private readonly EnvelopeOpener _opener;
    private readonly EnvelopeSealer _sealer;

    public EnvelopeOpenerTests()
    {
        _opener = new EnvelopeOpener(_bob);
        _sealer = new EnvelopeSealer(_alice, _random);
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _mallory.Dispose();
    }

    [Fact]
    public void What_was_sealed_is_opened()
    {
        var messageId = MessageId.Create(_random);
        var envelope = _sealer.Seal(_bob.Bundle, _bob.BootNonce, messageId, EnvelopeType.Offer, 3, "payload"u8);

        Assert.True(_opener.TryOpen(default, envelope, _alice.Bundle, _budget, out var opened, out var reason));
        Assert.Equal(RefusalReason.None, reason);
        Assert.Equal(_alice.Id, opened.From);
        Assert.Equal(messageId, opened.MessageId);
        Assert.Equal(EnvelopeType.Offer, opened.Type);
        Assert.Equal(3ul, opened.Sequence);
        Assert.Equal("payload"u8.ToArray(), opened.Payload.ToArray());
        Assert.Equal(1, _opener.Count(RefusalReason.None));
    }

    [Fact]
    public void Relayed_envelope_opens_whatever_its_path_says()
    {
        Assert.True(Seal(1).TryForward(_mallory.Id, out var forwarded));

        AssertReason(RefusalReason.None, forwarded);
    }

    [Fact]
    public void Envelope_for_somebody_else_is_not_ours() =>
        AssertReason(RefusalReason.NotForUs, _sealer.Seal(_mallory.Bundle, _mallory.BootNonce, default, EnvelopeType.Offer, 1, default));

    [Fact]
    public void Sender_without_a_known_bundle_is_unknown()
    {
        AssertReason(RefusalReason.UnknownSender, Seal(1), sender: null);
        AssertReason(RefusalReason.UnknownSender, Seal(1), sender: _mallory.Bundle);
    }

    [Fact]
    public void Neighbour_without_budget_costs_no_cryptography()
    {
        var budget = new TokenBucket(1, 1);
        var now = MonotonicTime.Zero;

        Assert.True(_opener.TryOpen(now, Seal(1), _alice.Bundle, budget, out _, out _));
        Assert.False(_opener.TryOpen(now, Seal(2), _alice.Bundle, budget, out _, out var reason));
        Assert.Equal(RefusalReason.RateLimited, reason);
        Assert.True(_opener.TryOpen(now + TimeSpan.FromSeconds(1), Seal(2), _alice.Bundle, budget, out _, out _));
    }

    [Fact]
    public void Every_altered_byte_but_hop_limit_and_path_is_refused()
    {
        Assert.True(Seal(1).TryForward(_mallory.Id, out var envelope));
        var bytes = envelope.ToByteArray();
        var mutable = Enumerable.Range(EnvelopeHeader.Length, 2 + PeerId.Length);
        var reasons = new HashSet<RefusalReason>();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            if (Envelope.TryParse(bytes, out var altered))
            {
                var first = _opener.Count(RefusalReason.None) == 0;
                var accepted = _opener.TryOpen(default, altered, _alice.Bundle, _budget, out _, out var reason);
                Assert.Equal(mutable.Contains(at) && first, accepted);
                reasons.Add(reason);
            }

            bytes[at] ^= 1;
        }

        RefusalReason[] expected = [RefusalReason.NotForUs, RefusalReason.UnknownSender, RefusalReason.InvalidKey, RefusalReason.NotOpened, RefusalReason.Replayed];
        Assert.Superset(expected.ToHashSet(), reasons);
    }

    [Fact]
    public void Encapsulated_key_that_is_no_point_is_refused_before_it_is_imported()
    {
        var bytes = Seal(1).ToByteArray();
        bytes[EnvelopeHeader.Length + 2 + 40] ^= 1;
        Assert.True(Envelope.TryParse(bytes, out var altered));

        AssertReason(RefusalReason.InvalidKey, altered);
    }

    [Fact]
    public void Envelope_sealed_anew_by_who_cannot_sign_for_the_sender_is_refused()
    {
        // Mallory seals to Bob in Alice's name: the seal is right, the signature is Mallory's.
        using var pretender = new NodeIdentity(
            TestIdentity.SigningKey("mallory signing"), HpkeKem.GenerateKeyPair(_random), _alice.Bundle, bootCounter: 1, default, directoryLock: null);
        var forger = new EnvelopeSealer(pretender, _random);

        AssertReason(RefusalReason.BadSignature, forger.Seal(_bob.Bundle, _bob.BootNonce, default, EnvelopeType.Offer, 1, "x"u8));
        Assert.Equal(1, _opener.Count(RefusalReason.BadSignature));
    }

    [Fact]
    public void Content_that_is_sealed_right_but_laid_out_wrong_is_refused()
    {
        var header = new EnvelopeHeader(1, CipherSuite.HpkeP256Aes128Gcm, _alice.Id, _bob.Id, default);
        var headerBytes = new byte[EnvelopeHeader.Length];
        header.WriteTo(headerBytes);
        foreach (var content in new byte[][] { [], [1, 2, 3], new byte[EnvelopeContent.Overhead - 1], new byte[EnvelopeContent.Overhead + 1] })
        {
            using var context = Hpke.SetupBaseSender(_bob.Bundle.KemKey, "meshnode envelope v1"u8, _random, out var enc);

            AssertReason(RefusalReason.MalformedContent, new Envelope(header, 0, [], enc, context.Seal(headerBytes, content)));
        }
    }

    [Fact]
    public void Sealed_part_shorter_than_a_tag_is_refused()
    {
        var header = new EnvelopeHeader(1, CipherSuite.HpkeP256Aes128Gcm, _alice.Id, _bob.Id, default);

        AssertReason(RefusalReason.NotOpened, new Envelope(header, 0, [], _bob.Bundle.KemKey.ToArray(), new byte[15]));
    }

    [Fact]
    public void Replayed_envelope_is_refused()
    {
        var envelope = Seal(1);

        AssertReason(RefusalReason.None, envelope);
        AssertReason(RefusalReason.Replayed, envelope);
    }

    [Fact]
    public void Late_envelope_passes_and_one_older_than_the_window_does_not()
    {
        AssertReason(RefusalReason.None, Seal(5000));
        AssertReason(RefusalReason.None, Seal(4500));
        AssertReason(RefusalReason.TooOld, Seal(3000));
    }

    [Fact]
    public void Envelope_of_an_earlier_run_of_the_receiver_is_refused()
    {
        var envelope = Seal(1);
        using var restarted = TestIdentity.Create("bob", bootCounter: 2);
        var opener = new EnvelopeOpener(restarted);

        Assert.False(opener.TryOpen(default, envelope, _alice.Bundle, _budget, out _, out var reason));
        Assert.Equal(RefusalReason.StaleBootNonce, reason);
    }

    [Fact]
    public void Refused_envelope_does_not_use_up_its_sequence_number()
    {
        var envelope = Seal(1);
        var bytes = envelope.ToByteArray();
        bytes[^1] ^= 1;
        Assert.True(Envelope.TryParse(bytes, out var altered));

        AssertReason(RefusalReason.NotOpened, altered);
        AssertReason(RefusalReason.None, envelope);
    }

    [Fact]
    public void Full_table_refuses_new_senders_and_forgets_nobody()
    {
        var opener = new EnvelopeOpener(_bob, maximumSenders: 1);
        var first = Seal(1);
        var second = new EnvelopeSealer(_mallory, _random).Seal(_bob.Bundle, _bob.BootNonce, default, EnvelopeType.Offer, 1, default);

        Assert.True(opener.TryOpen(default, first, _alice.Bundle, _budget, out _, out _));
        Assert.False(opener.TryOpen(default, second, _mallory.Bundle, _budget, out _, out var reason));
        Assert.Equal(RefusalReason.TooManySenders, reason);
        Assert.False(opener.TryOpen(default, first, _alice.Bundle, _budget, out _, out reason));
        Assert.Equal(RefusalReason.Replayed, reason);
    }

    [Fact]
    public void Sender_whose_bundle_is_not_signed_by_its_root_is_refused()
    {
        var bytes = _alice.Bundle.Bytes.ToArray();
        bytes[^1] ^= 1;
        Assert.True(KeyBundle.TryParse(bytes, out var unsigned));

        AssertReason(RefusalReason.BadSignature, Seal(1), unsigned);
    }

    private Envelope Seal(ulong sequence) =>
        _sealer.Seal(_bob.Bundle, _bob.BootNonce, MessageId.Create(_random), EnvelopeType.Message, sequence, "{}"u8);

    private void AssertReason(RefusalReason expected, Envelope envelope) => AssertReason(expected, envelope, _alice.Bundle);

    private void AssertReason(RefusalReason expected, Envelope envelope, KeyBundle? sender)
    {
        var before = _opener.Count(expected);
        Assert.Equal(expected == RefusalReason.None, _opener.TryOpen(default, envelope, sender, _budget, out _, out var reason));
        Assert.Equal(expected, reason);
        Assert.Equal(before + 1, _opener.Count(expected));
    }
}

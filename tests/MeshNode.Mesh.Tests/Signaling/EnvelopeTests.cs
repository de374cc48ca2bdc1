using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class EnvelopeTests : IDisposable
{
    private readonly NodeIdentity _alice = TestIdentity.Create("alice");
    private readonly NodeIdentity _bob = TestIdentity.Create("bob");
    private readonly SeededRandomSource _random = new(1);

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public void Envelope_round_trips()
    {
        var envelope = Seal();
        Assert.True(envelope.TryForward(RelayId(1), out envelope));
        Assert.True(envelope.TryForward(RelayId(2), out envelope));

        Assert.True(Envelope.TryParse(envelope.ToByteArray(), out var parsed));
        Assert.Equal(envelope.Header, parsed.Header);
        Assert.Equal([RelayId(1), RelayId(2)], parsed.Path);
        Assert.Equal(Envelope.MaxHops - 2, parsed.HopLimit);
        Assert.Equal(envelope.DuplicateKey, parsed.DuplicateKey);
        Assert.Equal(envelope.ToByteArray(), parsed.ToByteArray());
        Assert.Equal(envelope.Length, parsed.ToByteArray().Length);
    }

    [Fact]
    public void Every_cut_and_every_extra_byte_is_refused()
    {
        var bytes = Seal().ToByteArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(Envelope.TryParse(bytes.AsSpan(0, length), out _), $"{length} bytes");
        }

        Assert.False(Envelope.TryParse([.. bytes, 0], out _));
    }

    [Theory]
    [InlineData(0, 2)] // version
    [InlineData(1, 2)] // suite
    [InlineData(82, 17)] // hop limit over 16
    [InlineData(83, 17)] // path longer than 16
    [InlineData(84, 2)] // a compressed point
    public void Field_out_of_range_is_refused(int at, byte value)
    {
        var bytes = Seal().ToByteArray();
        bytes[at] = value;

        Assert.False(Envelope.TryParse(bytes, out _));
    }

    [Fact]
    public void Header_of_an_unknown_version_is_read_so_that_it_can_be_answered()
    {
        var bytes = Seal().ToByteArray();
        bytes[0] = 9;

        Assert.True(EnvelopeHeader.TryParse(bytes, out var header));
        Assert.False(header.IsSupported);
        Assert.Equal(_alice.Id, header.From);
        Assert.Equal(_bob.Id, header.To);
    }

    [Fact]
    public void Relaying_changes_neither_key_nor_content()
    {
        var envelope = Seal();
        Assert.True(envelope.TryForward(RelayId(1), out var forwarded));

        Assert.Equal(envelope.DuplicateKey, forwarded.DuplicateKey);
        Assert.Equal(envelope.Sealed.ToArray(), forwarded.Sealed.ToArray());
    }

    [Fact]
    public void Envelope_ends_where_its_hop_limit_does()
    {
        var envelope = Seal(hopLimit: 2);
        Assert.True(envelope.TryForward(RelayId(1), out envelope));
        Assert.True(envelope.TryForward(RelayId(2), out envelope));

        Assert.False(envelope.TryForward(RelayId(3), out _));
    }

    [Fact]
    public void Loop_ends_at_a_relay_that_stands_on_the_path_and_at_the_sender()
    {
        Assert.True(Seal().TryForward(RelayId(1), out var envelope));
        Assert.True(envelope.TryForward(RelayId(2), out envelope));

        Assert.False(envelope.TryForward(RelayId(1), out _));
        Assert.False(envelope.TryForward(_alice.Id, out _));
    }

    [Fact]
    public void Forged_envelope_with_the_same_message_id_has_another_key()
    {
        var envelope = Seal();
        var forged = envelope.ToByteArray();
        forged[^1] ^= 1;

        Assert.True(Envelope.TryParse(forged, out var parsed));
        Assert.Equal(envelope.MessageId, parsed.MessageId);
        Assert.NotEqual(envelope.DuplicateKey, parsed.DuplicateKey);
    }

    [Fact]
    public void Largest_payload_still_fits_with_a_full_path()
    {
        var envelope = Seal(new byte[EnvelopeSealer.MaxPayloadLength]);
        for (var hop = 1; hop <= Envelope.MaxHops; hop++)
        {
            Assert.True(envelope.TryForward(RelayId(hop), out var forwarded));
            envelope = forwarded;
        }

        Assert.Equal(Envelope.MaxLength, envelope.Length);
        Assert.True(Envelope.TryParse(envelope.ToByteArray(), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Seal(new byte[EnvelopeSealer.MaxPayloadLength + 1]));
    }

    [Fact]
    public void Relay_sees_no_more_than_from_to_id_path_and_size()
    {
        var bytes = Seal("the payload that nobody may see"u8).ToByteArray();

        Assert.Equal(-1, bytes.AsSpan().IndexOf("payload"u8));
    }

    [Fact]
    public void Sealing_to_a_bundle_that_is_not_signed_is_the_callers_mistake()
    {
        var bytes = _bob.Bundle.Bytes.ToArray();
        bytes[^1] ^= 1;
        Assert.True(KeyBundle.TryParse(bytes, out var unsigned));

        Assert.Throws<ArgumentException>(() => new EnvelopeSealer(_alice, _random).Seal(unsigned, _bob.BootNonce, default, EnvelopeType.Offer, 1, default));
    }

    private static PeerId RelayId(int number) => new([.. new byte[31], (byte)number]);

    private Envelope Seal(ReadOnlySpan<byte> payload = default, int hopLimit = Envelope.MaxHops) =>
        new EnvelopeSealer(_alice, _random).Seal(_bob.Bundle, _bob.BootNonce, MessageId.Create(_random), EnvelopeType.Message, 1, payload, hopLimit);
}

using System.Runtime.ExceptionServices;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;
using MeshNode.SimNet;

namespace MeshNode.Mesh.Tests.Wire;

/// <summary>No decoder throws, whatever comes in, and whatever one accepts it writes again as it was.</summary>
public sealed class DecoderFuzzTests : IDisposable
{
    private const ulong Seed = 20;
    private readonly NodeIdentity _alice = TestIdentity.Create("alice");
    private readonly NodeIdentity _bob = TestIdentity.Create("bob");
    private readonly SeededRandomSource _random = new(Seed);
    private ulong _sequence;

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public void Mutated_envelopes()
    {
        var accepted = Fuzz("mutated envelopes", [Seal(""), Seal("short"), Seal(new string('x', 2000)), Forwarded(Seal("relayed"))], input =>
        {
            var parsed = Envelope.TryParse(input, out var envelope);
            return parsed && Same(input, envelope!.ToByteArray());
        });
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_envelopes_at_the_opener()
    {
        // Each costs a Diffie-Hellman and a tag check that throws: a part of the count says enough.
        var opener = new EnvelopeOpener(_bob);
        var budget = new TokenBucket(1, 1e9);
        var mutator = new Mutator(Seed, [Seal(""), Seal("short"), Forwarded(Seal("relayed"))]);
        var count = TestScale.Count("mutated envelopes opened", 100_000, 5_000);
        long opened = 0;
        for (var index = 0; index < count; index++)
        {
            if (Envelope.TryParse(mutator.Next(), out var envelope))
            {
                opened += opener.TryOpen(default, envelope, _alice.Bundle, budget, out _, out _) ? 1 : 0;
            }
        }

        Assert.Equal(opened, opener.Count(RefusalReason.None));
        Assert.InRange(opened, 1, 3); // the three of the corpus, unless only hop limit and path were hit
        Assert.True(opener.Count(RefusalReason.NotOpened) > 0);
    }

    [Fact]
    public void Mutated_envelope_contents()
    {
        var content = new byte[EnvelopeContent.Overhead + 20];
        new EnvelopeContent(EnvelopeType.Offer, 5, _bob.BootNonce).WriteTo(content, new byte[20]);
        var accepted = Fuzz("mutated envelope contents", [content], input =>
            EnvelopeContent.TryParse(input, out _, out var payload, out var signature) && payload.Length + signature.Length < input.Length);
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_adverts()
    {
        var accepted = Fuzz("mutated adverts", [Advert(0), Advert(3), Advert(40)], input =>
            LinkAdvert.TryParse(input, out var advert) && Same(input, advert.Bytes.Span));
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_key_bundles()
    {
        var accepted = Fuzz("mutated key bundles", [_alice.Bundle.Bytes.ToArray(), _bob.Bundle.Bytes.ToArray()], input =>
            KeyBundle.TryParse(input, out var bundle) && Same(input, bundle.Bytes.Span));
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_frames()
    {
        byte[][] corpus =
        [
            Frame.Create(FrameKind.TextMessage, 1, "hello"u8),
            Frame.Create(FrameKind.Ping, ulong.MaxValue, default),
            Frame.Create(FrameKind.Goodbye, 2, new Goodbye(GoodbyeReason.Shutdown, "bye").ToByteArray()),
        ];
        var accepted = Fuzz("mutated frames", corpus, input =>
        {
            var parsed = Frame.TryParse(input, out var header, out var body);
            _ = Goodbye.TryParse(body, out _);
            return parsed && Same(input, Frame.Create(header.Kind, header.Sequence, body));
        });
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_hellos()
    {
        var accepted = Fuzz("mutated hellos", [HelloBody(""), HelloBody("meshnode/0.1")], input =>
            Hello.TryParse(input, out var hello) && Same(input, hello.ToByteArray()));
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_proofs()
    {
        var transcript = new byte[HelloProof.TranscriptLength];
        byte[][] corpus =
        [
            HelloProof.Create(_alice, transcript, invite: null),
            HelloProof.Create(_alice, transcript, InviteToken.Parse("a token that is long enough")),
        ];
        var accepted = Fuzz("mutated proofs", corpus, input =>
            HelloProof.TryParse(input, out var proof) && proof.Invite.Length + proof.Signature.Length == input.Length);
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Mutated_handshake_frames()
    {
        // Each hello that parses costs two signatures: a hundredth of the count says enough.
        var mutator = new Mutator(Seed, [Frame.Create(FrameKind.Hello, 0, HelloBody("a")), Frame.Create(FrameKind.Refused, 0, "no"u8)]);
        var count = TestScale.Count("mutated handshake frames", 10_000, 1_000);
        var configuration = new LinkHandshakeConfiguration
        {
            Identity = _bob,
            Role = LinkRole.Accepter,
            Binding = ChannelBinding.WebSocket,
            Admission = AdmissionPolicy.Open,
        };
        for (var index = 0; index < count; index++)
        {
            var handshake = new LinkHandshake(configuration, default, _random);
            handshake.HandleFrame(default, mutator.Next());
            handshake.HandleFrame(default, mutator.Next());
            Assert.NotEqual(LinkHandshakeState.Up, handshake.State);
        }
    }

    [Fact]
    public void Mutated_payloads()
    {
        // The JSON reader throws inside, which is slow: a tenth of the count says enough.
        var mutator = new Mutator(Seed, [.. SignalPayloadTestsCorpus()]);
        var count = TestScale.Count("mutated payloads", 100_000, 10_000);
        for (var index = 0; index < count; index++)
        {
            _ = SignalPayload.TryParse((EnvelopeType)(1 + (index % 7)), mutator.Next(), out _);
        }
    }

    private static IEnumerable<byte[]> SignalPayloadTestsCorpus() =>
    [
        new SignalPayload.Offer("00112233aabbccdd", "v=0\r\n").ToJson(),
        new SignalPayload.Candidate("00112233aabbccdd", "candidate:1", "0").ToJson(),
        new SignalPayload.Unsupported([1], [1]).ToJson(),
        new SignalPayload.Message("hello").ToJson(),
    ];

    private static bool Same(ReadOnlySpan<byte> input, ReadOnlySpan<byte> output)
    {
        Assert.True(input.SequenceEqual(output), $"seed {Seed}: accepted {Convert.ToHexStringLower(input)}, wrote {Convert.ToHexStringLower(output)}");
        return true;
    }

    private static int Fuzz(string name, byte[][] corpus, Decoder decode)
    {
        var mutator = new Mutator(Seed, corpus);
        var accepted = 0;
        foreach (var entry in corpus)
        {
            Assert.True(decode(entry), $"{name}: an unchanged input is refused");
        }

        // An exception that is thrown and caught inside would cost as much as one that escapes.
        var thread = Environment.CurrentManagedThreadId;
        var thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs e) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            for (var count = TestScale.Count(name, 1_000_000, 100_000); count > 0; count--)
            {
                accepted += decode(mutator.Next()) ? 1 : 0;
            }
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
        return accepted;
    }

    private byte[] Seal(string payload) => new EnvelopeSealer(_alice, _random).Seal(
        _bob.Bundle, _bob.BootNonce, MessageId.Create(_random), EnvelopeType.Message, ++_sequence, Encoding.UTF8.GetBytes(payload)).ToByteArray();

    private byte[] Forwarded(byte[] bytes) =>
        Envelope.TryParse(bytes, out var envelope) && envelope.TryForward(_bob.Id, out var forwarded) ? forwarded.ToByteArray() : [];

    private byte[] Advert(int neighbours) => LinkAdvert.Create(
        _alice, PeerFlags.Node, 1, "alice", [.. Enumerable.Range(1, neighbours).Select(number => new Neighbour(new PeerId([.. new byte[31], (byte)number]), 5))]).Bytes.ToArray();

    private byte[] HelloBody(string agent) => new Hello(_alice.Bundle, new byte[32], _alice.BootNonce, PeerFlags.Node, agent).ToByteArray();

    private delegate bool Decoder(ReadOnlySpan<byte> input);
}

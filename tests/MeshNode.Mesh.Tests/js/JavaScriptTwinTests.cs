using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;
using MeshNode.Mesh.Tests.Signaling;
using MeshNode.Mesh.Tests.Wire;
using MeshNode.Mesh.Wire;
using MeshNode.Rtc;
using MeshNode.SimNet;

namespace MeshNode.Mesh.Tests.js;

/// <summary>What the browser's modules make, the C# opens, and the other way round.</summary>
public sealed class JavaScriptTwinTests : IClassFixture<JavaScriptTwin>, IDisposable
{
    private readonly JavaScriptTwin _tab;
    private readonly NodeIdentity _node = TestIdentity.Create("node");
    private readonly NodeIdentity _other = TestIdentity.Create("other");
    private readonly SeededRandomSource _random = new(1);
    private readonly TokenBucket _budget = new(1, 1000);

    public JavaScriptTwinTests(JavaScriptTwin tab) => _tab = tab;

    public void Dispose()
    {
        _node.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void JavaScript_agrees_with_RFC_9180_A3_1()
    {
        var vector = HpkeVector.Load()[0];
        var answer = _tab.Ask("hpke", new { vector });

        Assert.Equal(vector.Enc, Text(answer["enc"]));
        Assert.Equal(vector.Encryptions.Select(encryption => encryption.Ct), Array(answer["encryptions"]).Select(encryption => Text(encryption["ct"])));
        Assert.Equal(vector.Encryptions.Select(encryption => encryption.Pt), Array(answer["encryptions"]).Select(encryption => Text(encryption["pt"])));
        Assert.Equal(vector.Exports.Select(export => export.Value), Array(answer["exports"]).Select(Text));
    }

    [Fact]
    public void Ids_are_written_alike()
    {
        var answer = _tab.Ask("base32", new { bytes = Hex(_node.Id.ToByteArray()) });

        Assert.Equal(_node.Id.ToString(), Text(answer["text"]));
        Assert.Equal(Hex(_node.Id.ToByteArray()), Text(answer["back"]));
        Assert.Null(_tab.Ask("decodeBase32", new { text = "mz", length = 1 })["bytes"]);
        Assert.Null(_tab.Ask("decodeBase32", new { text = "m1", length = 1 })["bytes"]);
    }

    [Theory]
    [InlineData("Jürgens Café 🎉", true)]
    [InlineData("👨\u200D👩", true)]
    [InlineData("\u001b[2J", false)]
    [InlineData("abc\u202Egnp.exe", false)]
    [InlineData("a\u2028b", false)]
    public void Printable_text_is_the_same_on_both_sides(string text, bool printable)
    {
        Assert.Equal(printable ? text : null, _tab.Ask("printable", new { text })["text"]?.GetValue<string>());
        Assert.Equal(printable, WireText.TryRead(Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void Points_off_the_curve_are_refused_by_both()
    {
        var point = _node.Bundle.KemKey.ToArray();
        Assert.True(_tab.Ask("isPoint", new { point = Hex(point) })["valid"]!.GetValue<bool>());
        point[40] ^= 1;

        Assert.False(P256.IsPoint(point));
        Assert.False(_tab.Ask("isPoint", new { point = Hex(point) })["valid"]!.GetValue<bool>());
        Assert.False(_tab.Ask("isPoint", new { point = Hex(new byte[65]) })["valid"]!.GetValue<bool>());
    }

    [Fact]
    public void Bundles_are_read_by_both()
    {
        var bundle = TabBundle();
        Assert.True(bundle.Verify());
        Assert.Equal(Text(_tab.Ask("identity")["id"]), bundle.Id.ToString());
        Assert.True(bundle.SigningKey.SequenceEqual(bundle.RootKey));

        Assert.Equal(_node.Id.ToString(), Text(_tab.Ask("bundle", new { bytes = Hex(_node.Bundle.Bytes.Span) })["id"]));
    }

    [Fact]
    public void Altered_bundle_is_refused_by_JavaScript()
    {
        var bytes = _node.Bundle.Bytes.ToArray();
        for (var at = 0; at < bytes.Length; at += 3)
        {
            bytes[at] ^= 1;
            Assert.Null(_tab.Ask("bundle", new { bytes = Hex(bytes) })["id"]);
            bytes[at] ^= 1;
        }
    }

    [Fact]
    public void Frames_are_the_same_bytes()
    {
        var frame = Frame.Create(FrameKind.TextMessage, ulong.MaxValue, "hi"u8);

        Assert.Equal(Hex(frame), Text(_tab.Ask("frame", new { kind = 0x40, sequence = "18446744073709551615", body = "6869" })["bytes"]));
        var read = _tab.Ask("readFrame", new { bytes = Hex(frame) })["frame"]!;
        Assert.Equal("18446744073709551615", Text(read["sequence"]));
        Assert.Equal("6869", Text(read["body"]));
        Assert.Null(_tab.Ask("readFrame", new { bytes = "024000000000000000000000" })["frame"]);
        Assert.Null(_tab.Ask("readFrame", new { bytes = "014000010000000000000000" })["frame"]);
        Assert.Null(_tab.Ask("readFrame", new { bytes = "0140" })["frame"]);
    }

    [Theory]
    [InlineData(LinkRole.Opener, false)]
    [InlineData(LinkRole.Accepter, false)]
    [InlineData(LinkRole.Opener, true)]
    [InlineData(LinkRole.Accepter, true)]
    public void Tab_and_node_shake_hands(LinkRole tabRole, bool overDtls)
    {
        var fingerprints = new[] { RandomBytes(), RandomBytes() };
        var node = Handshake(tabRole, overDtls ? ChannelBinding.FromFingerprints(fingerprints[0], fingerprints[1]) : ChannelBinding.WebSocket, AdmissionPolicy.Open);
        var answer = _tab.Ask("startHandshake", new
        {
            role = (int)tabRole,
            expectedPeer = _node.Id.ToString(),
            fingerprints = overDtls ? fingerprints.Select(fingerprint => Hex(fingerprint)) : null,
            flags = 0,
            agent = "a tab",
        });
        answer = Exchange(node, answer);

        Assert.Equal(LinkHandshakeState.Up, node.State);
        Assert.Equal("up", Text(answer["state"]));
        Assert.Equal(_node.Id.ToString(), Text(answer["peer"]));
        Assert.Equal("meshnode", Text(answer["agent"]));
        Assert.Equal("a tab", node.Peer!.Agent);
        Assert.Equal(PeerFlags.None, node.Peer.Flags);
        Assert.Equal(TabBundle().Id, node.Peer.Bundle.Id);
    }

    [Theory]
    [InlineData("a token that nobody guesses", true)]
    [InlineData("another token, just as long", false)]
    [InlineData(null, false)]
    public void Tab_is_invited_by_its_token(string? invite, bool admitted)
    {
        var node = Handshake(LinkRole.Opener, ChannelBinding.WebSocket, AdmissionPolicy.Invite(InviteToken.Parse("a token that nobody guesses")));
        var answer = Exchange(node, _tab.Ask("startHandshake", new { role = 0, expectedPeer = (string?)null, invite, flags = 0, agent = "" }));

        Assert.Equal(admitted ? LinkHandshakeState.Up : LinkHandshakeState.Failed, node.State);
        Assert.Equal(admitted ? "up" : "failed", Text(answer["state"]));
        Assert.Equal(node.FailureText, Text(answer["failure"]));
    }

    [Fact]
    public void Tab_refuses_another_binding_another_peer_and_itself()
    {
        var bound = Handshake(LinkRole.Opener, ChannelBinding.FromFingerprints(new byte[32], new byte[32]), AdmissionPolicy.Open);
        Assert.Equal("failed", Text(Exchange(bound, Start(expectedPeer: null))["state"]));
        Assert.Equal(LinkFailure.BadProof, bound.Failure);

        var unexpected = Handshake(LinkRole.Opener, ChannelBinding.WebSocket, AdmissionPolicy.Open);
        Assert.Contains("expected", Text(Exchange(unexpected, Start(_other.Id.ToString()))["failure"]), StringComparison.Ordinal);

        var own = Start(expectedPeer: null);
        Assert.Contains("oneself", Text(_tab.Ask("handshakeFrame", new { frame = Text(Array(own["frames"]).Single()) })["failure"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Adverts_are_read_by_both()
    {
        Neighbour[] neighbours = [new(_other.Id, 12), new(TabBundle().Id, Neighbour.UnknownRoundTrip)];
        var advert = LinkAdvert.Create(_node, PeerFlags.Node | PeerFlags.Relays, 0x1_0000_0005, "Jürgen", neighbours);
        var read = _tab.Ask("readAdvert", new { bytes = Hex(advert.Bytes.Span) })["advert"]!;
        Assert.Equal(_node.Id.ToString(), Text(read["id"]));
        Assert.Equal("4294967301", Text(read["sequence"]));
        Assert.Equal("Jürgen", Text(read["name"]));
        Assert.Equal(_node.BootNonce.ToString(), Text(read["bootNonce"]));
        Assert.Equal(12, Array(read["neighbours"])[0]["rttMs"]!.GetValue<int>());
        Assert.Null(Array(read["neighbours"])[1]["rttMs"]);

        var answer = _tab.Ask("createAdvert", new { flags = 0, name = "tab", neighbours = new[] { new { id = _node.Id.ToString(), rttMs = 3.4 } } });
        Assert.True(LinkAdvert.TryParse(Bytes(answer["bytes"]), out var parsed));
        Assert.True(parsed.Verify());
        Assert.Equal([new Neighbour(_node.Id, 3)], parsed.Neighbours);
        Assert.Equal("tab", parsed.Name);
        Assert.Equal(1ul, parsed.Sequence >> 32);
    }

    [Fact]
    public void Altered_and_old_adverts_are_refused_by_JavaScript()
    {
        var first = LinkAdvert.Create(_node, PeerFlags.Node, 1, "node", [new(_other.Id, 12)]).Bytes.ToArray();
        var second = LinkAdvert.Create(_node, PeerFlags.Node, 2, "node", []).Bytes.ToArray();
        var altered = first.ToArray();
        for (var at = 0; at < altered.Length; at += 5)
        {
            altered[at] ^= 1;
            Assert.Null(_tab.Ask("readAdvert", new { bytes = Hex(altered) })["advert"]);
            altered[at] ^= 1;
        }

        var applied = _tab.Ask("applyAdverts", new { adverts = new[] { Hex(first), Hex(first), Hex(second), Hex(first) } })["applied"]!;
        Assert.Equal([true, false, true, false], Array(applied).Select(value => value.GetValue<bool>()));
    }

    [Fact]
    public void Node_seals_and_tab_opens_once()
    {
        var tab = TabBundle();
        var sealer = new EnvelopeSealer(_node, _random);
        var payload = new SignalPayload.Offer("00112233aabbccdd", "v=0\r\n");
        var envelope = sealer.Seal(tab, TabBootNonce(), MessageId.Create(_random), payload.Type, 7, payload.ToJson());
        Assert.True(envelope.TryForward(_other.Id, out var forwarded));

        var opened = Open(forwarded)["opened"]!;
        Assert.Equal(_node.Id.ToString(), Text(opened["from"]));
        Assert.Equal(envelope.MessageId.ToString(), Text(opened["messageId"]));
        Assert.Equal("7", Text(opened["sequence"]));
        Assert.Equal("v=0\r\n", Text(opened["payload"]!["sdp"]));
        Assert.Equal("replayed", Text(Open(envelope)["reason"]));
    }

    [Fact]
    public void Tab_refuses_what_is_forged_altered_stale_or_for_others_and_counts_it()
    {
        var tab = TabBundle();
        var sealer = new EnvelopeSealer(_node, _random);
        var good = sealer.Seal(tab, TabBootNonce(), MessageId.Create(_random), EnvelopeType.Message, 100, "{\"text\":\"x\"}"u8);
        using var pretender = new NodeIdentity(
            TestIdentity.SigningKey("mallory"), HpkeKem.GenerateKeyPair(_random), _node.Bundle, 1, default, directoryLock: null);

        Assert.Equal("unknownSender", Text(_tab.Ask("open", new { bytes = Hex(good.ToByteArray()), sender = (string?)null })["reason"]));
        Assert.Equal("notForUs", Text(Open(sealer.Seal(_other.Bundle, default, default, EnvelopeType.Message, 1, default))["reason"]));
        Assert.Equal("staleBootNonce", Text(Open(sealer.Seal(tab, default, default, EnvelopeType.Message, 101, default))["reason"]));
        Assert.Equal("badSignature", Text(Open(new EnvelopeSealer(pretender, _random).Seal(tab, TabBootNonce(), default, EnvelopeType.Message, 102, default))["reason"]));
        Assert.Equal("malformed", Text(_tab.Ask("open", new { bytes = "00" })["reason"]));

        var bytes = good.ToByteArray();
        var counts = new HashSet<string>();
        for (var at = 0; at < bytes.Length; at += 3)
        {
            if (at is EnvelopeHeader.Length or EnvelopeHeader.Length + 1)
            {
                continue; // hop limit and path count are not sealed
            }

            bytes[at] ^= 1;
            var answer = _tab.Ask("open", new { bytes = Hex(bytes), sender = Hex(_node.Bundle.Bytes.Span) });
            Assert.Null(answer["opened"]);
            Assert.True(answer["count"]!.GetValue<int>() > 0);
            counts.Add(Text(answer["reason"]));
            bytes[at] ^= 1;
        }

        Assert.Superset(new HashSet<string> { "notOpened", "invalidKey", "notForUs", "unknownSender" }, counts);
        Assert.Equal("none", Text(Open(good)["reason"]));
    }

    [Fact]
    public void Tab_seals_and_node_opens_once()
    {
        var answer = _tab.Ask("seal", new
        {
            receiver = Hex(_node.Bundle.Bytes.Span),
            bootNonce = _node.BootNonce.ToString(),
            type = (int)EnvelopeType.Message,
            payload = new { text = "grüß dich" },
            hopLimit = 4,
        });
        var forwarded = _tab.Ask("forward", new { bytes = Text(answer["bytes"]), relay = _other.Id.ToString() });
        Assert.True(Envelope.TryParse(Bytes(forwarded["bytes"]), out var envelope));
        Assert.Equal([_other.Id], envelope.Path);
        Assert.Equal(3, envelope.HopLimit);

        var opener = new EnvelopeOpener(_node);
        Assert.True(opener.TryOpen(default, envelope, TabBundle(), _budget, out var opened, out var reason), $"{reason}");
        Assert.True(SignalPayload.TryParse(opened.Type, opened.Payload.Span, out var payload));
        Assert.Equal(new SignalPayload.Message("grüß dich"), payload);
        Assert.False(opener.TryOpen(default, envelope, TabBundle(), _budget, out _, out reason));
        Assert.Equal(RefusalReason.Replayed, reason);
    }

    [Fact]
    public void Mutated_input_makes_no_JavaScript_decoder_throw()
    {
        string[] corpus =
        [
            .. new[] { "bundle", "advert", "hello", "envelope", "forwardedEnvelope" }.Select(name => Hex(Golden.Bytes(name))),
            Hex(Frame.Create(FrameKind.Goodbye, 1, new Goodbye(GoodbyeReason.Shutdown, "bye").ToByteArray())),
            Hex(new SignalPayload.Offer("00112233aabbccdd", "v=0").ToJson()),
        ];
        var count = TestScale.Count("mutated inputs in JavaScript", 200_000, 10_000);
        var accepted = 0;
        for (var done = 0; done < count; done += 1000)
        {
            accepted += _tab.Ask("fuzz", new { corpus, seed = done, count = 1000 })["accepted"]!.GetValue<int>();
        }

        Assert.InRange(accepted, 1, count - 1);
    }

    [Fact]
    public void Replay_windows_agree()
    {
        var window = new ReplayWindow();
        var expected = new List<string>();
        var numbers = new List<string>();
        for (var count = 0; count < 6000; count++)
        {
            var sequence = (ulong)(_random.NextInt32(3000) + (count * 2));
            numbers.Add(sequence.ToString(CultureInfo.InvariantCulture));
            var reason = window.Check(sequence);
            if (reason == RefusalReason.None)
            {
                window.Mark(sequence);
            }

            expected.Add(reason switch { RefusalReason.None => "none", RefusalReason.Replayed => "replayed", _ => "tooOld" });
        }

        Assert.Equal(expected, Array(_tab.Ask("takeSequences", new { sequences = numbers })["reasons"]).Select(Text));
    }

    private LinkHandshake Handshake(LinkRole tabRole, ChannelBinding binding, AdmissionPolicy admission) => new(
        new LinkHandshakeConfiguration
        {
            Identity = _node,
            Role = tabRole == LinkRole.Opener ? LinkRole.Accepter : LinkRole.Opener,
            Binding = binding,
            Admission = admission,
        },
        MonotonicTime.Zero,
        _random);

    private JsonNode Start(string? expectedPeer) => _tab.Ask("startHandshake", new { role = 0, expectedPeer, invite = (string?)null, flags = 0, agent = "tab" });

    private JsonNode Exchange(LinkHandshake node, JsonNode tab)
    {
        var fromTab = new Queue<JsonNode>(Array(tab["frames"]));
        for (var progress = true; progress;)
        {
            progress = fromTab.Count > 0;
            while (fromTab.TryDequeue(out var frame))
            {
                node.HandleFrame(default, Bytes(frame));
            }

            while (node.TryReadFrame(out var frame))
            {
                progress = true;
                tab = _tab.Ask("handshakeFrame", new { frame = Hex(frame) });
                foreach (var answer in Array(tab["frames"]))
                {
                    fromTab.Enqueue(answer);
                }
            }
        }

        return tab;
    }

    private JsonNode Open(Envelope envelope) => _tab.Ask("open", new { bytes = Hex(envelope.ToByteArray()), sender = Hex(_node.Bundle.Bytes.Span) });

    private KeyBundle TabBundle()
    {
        Assert.True(KeyBundle.TryParse(Bytes(_tab.Ask("identity")["bundle"]), out var bundle));
        return bundle;
    }

    private byte[] RandomBytes()
    {
        var bytes = new byte[32];
        _random.Fill(bytes);
        return bytes;
    }

    private BootNonce TabBootNonce() => new(Bytes(_tab.Ask("identity")["bootNonce"]));

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static List<JsonNode> Array(JsonNode? node) => [.. node!.AsArray().Select(item => item!)];

    private static byte[] Bytes(JsonNode? node) => Convert.FromHexString(Text(node));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}

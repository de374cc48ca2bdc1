using System.Text.Json;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Wire;

/// <summary>
/// One of each structure, as bytes that were kept in <c>golden.json</c> and as today's code makes it. Signatures are random, so
/// made and kept bytes are the same only outside of them.
/// </summary>
internal sealed class Golden : IDisposable
{
    public const ulong Sequence = 0x0000_0003_0000_0007; // boot 3, number 7

    private static readonly Dictionary<string, string> Kept =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(TestFiles.InTests("Wire", "golden.json")))!;

    public NodeIdentity Alice { get; } = TestIdentity.Create("golden alice", bootCounter: 3);

    public NodeIdentity Bob { get; } = TestIdentity.Create("golden bob", bootCounter: 3);

    public static InviteToken Invite => InviteToken.Parse("golden invite token");

    public static MessageId MessageId => new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

    public static byte[] Transcript => [.. Enumerable.Range(0, HelloProof.TranscriptLength).Select(value => (byte)value)];

    public static byte[] Bytes(string name) => Convert.FromHexString(Kept[name]);

    public byte[] Bundle() => Alice.Bundle.Bytes.ToArray();

    public byte[] Advert() =>
        LinkAdvert.Create(Alice, PeerFlags.Node | PeerFlags.Relays, Sequence, "golden", [new Neighbour(Bob.Id, 12)]).Bytes.ToArray();

    public byte[] Hello() =>
        new Hello(Alice.Bundle, Enumerable.Range(100, 32).Select(value => (byte)value).ToArray(), Alice.BootNonce, PeerFlags.Node, "golden/1").ToByteArray();

    public byte[] Proof() => HelloProof.Create(Alice, Transcript, invite: null);

    public byte[] ProofWithInvite() => HelloProof.Create(Alice, Transcript, Invite);

    public byte[] Envelope()
    {
        var sealer = new EnvelopeSealer(Alice, new SeededRandomSource(9));
        var payload = new SignalPayload.Message("golden");
        return sealer.Seal(Bob.Bundle, Bob.BootNonce, MessageId, payload.Type, Sequence, payload.ToJson(), hopLimit: 5).ToByteArray();
    }

    public byte[] ForwardedEnvelope() =>
        MeshNode.Mesh.Signaling.Envelope.TryParse(Envelope(), out var envelope) && envelope.TryForward(new PeerId([.. new byte[31], 1]), out var forwarded)
            ? forwarded.ToByteArray()
            : [];

    public void Dispose()
    {
        Alice.Dispose();
        Bob.Dispose();
    }
}

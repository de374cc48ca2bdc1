using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Wire;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Links;

/// <summary>
/// How a link begins: each side proves its key by signing both nonces, and lets the other in or not. Sans-IO: give it
/// frames, take frames from it, watch <see cref="State"/>. Used from one thread.
/// <code>
/// both at once: hello → (their hello) → proof → (their proof, admission) → welcome → (their welcome) → Up
/// </code>
/// </summary>
public sealed class LinkHandshake
{
    private const int MaxReasonLength = 256; // bytes

    private readonly LinkHandshakeConfiguration _configuration;
    private readonly byte[] _hello;
    private readonly Queue<byte[]> _outgoing = new();
    private readonly MonotonicTime _deadline;
    private byte[] _theirHello = [];

    /// <param name="configuration">What it starts from.</param>
    /// <param name="now">The timeout counts from here.</param>
    /// <param name="secure">Cryptographically secure; the nonce comes from it.</param>
    public LinkHandshake(LinkHandshakeConfiguration configuration, MonotonicTime now, RandomSource secure)
    {
        _configuration = configuration;
        _deadline = now + configuration.Timeout;
        var nonce = new byte[Hello.NonceLength];
        secure.Fill(nonce);
        var identity = configuration.Identity;
        _hello = new Hello(identity.Bundle, nonce, identity.BootNonce, configuration.Flags, configuration.Agent).ToByteArray();
        Send(FrameKind.Hello, _hello);
    }

    public LinkHandshakeState State { get; private set; }

    public LinkFailure Failure { get; private set; }

    /// <summary>One line about <see cref="Failure"/>, empty without one.</summary>
    public string FailureText { get; private set; } = "";

    /// <summary>What the other side said about itself. Proven from <see cref="LinkHandshakeState.AwaitingWelcome"/> on.</summary>
    public Hello? Peer { get; private set; }

    /// <summary>The sequence number for the next frame of the owner on this link.</summary>
    public ulong NextSequence { get; private set; }

    public MonotonicTime? NextTimeout => IsOver ? null : _deadline;

    private bool IsOver => State is LinkHandshakeState.Up or LinkHandshakeState.Failed;

    private PeerId Id => _configuration.Identity.Id;

    /// <summary>A frame that came in. Once the state is Up the owner reads frames itself.</summary>
    public void HandleFrame(MonotonicTime now, ReadOnlySpan<byte> frame)
    {
        HandleTimeout(now);
        if (IsOver)
        {
            return;
        }

        if (!Frame.TryParse(frame, out var header, out var body))
        {
            Fail(LinkFailure.ProtocolError, "a frame cannot be read");
            return;
        }

        switch (State, header.Kind)
        {
            case (_, FrameKind.Refused):
                End(LinkFailure.Refused, WireText.Sanitize(body, MaxReasonLength));
                break;
            case (LinkHandshakeState.AwaitingHello, FrameKind.Hello):
                HandleHello(body);
                break;
            case (LinkHandshakeState.AwaitingProof, FrameKind.Proof):
                HandleProof(body);
                break;
            case (LinkHandshakeState.AwaitingWelcome, FrameKind.Welcome):
                State = LinkHandshakeState.Up;
                break;
            default:
                Fail(LinkFailure.ProtocolError, $"frame kind 0x{(byte)header.Kind:x2} does not belong here");
                break;
        }
    }

    public void HandleTimeout(MonotonicTime now)
    {
        if (!IsOver && now >= _deadline)
        {
            Fail(LinkFailure.Timeout, $"no complete handshake within {_configuration.Timeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>The next frame to send, in order.</summary>
    public bool TryReadFrame([NotNullWhen(true)] out byte[]? frame) => _outgoing.TryDequeue(out frame);

    private void HandleHello(ReadOnlySpan<byte> body)
    {
        if (!Hello.TryParse(body, out var hello))
        {
            Fail(LinkFailure.ProtocolError, "the hello cannot be read");
        }
        else if (hello.Bundle.Id == Id)
        {
            Fail(LinkFailure.SelfLink, "this is a link to oneself");
        }
        else if (_configuration.ExpectedPeer is { } expected && expected != hello.Bundle.Id)
        {
            Fail(LinkFailure.UnexpectedPeer, $"expected {expected}, found {hello.Bundle.Id}");
        }
        else if (!hello.Bundle.Verify())
        {
            Fail(LinkFailure.BadProof, "the key bundle is not signed by its root key");
        }
        else
        {
            Peer = hello;
            _theirHello = body.ToArray();
            Send(FrameKind.Proof, HelloProof.Create(_configuration.Identity, Transcript(_hello, _theirHello, _configuration.Role), _configuration.Invite));
            State = LinkHandshakeState.AwaitingProof;
        }
    }

    private void HandleProof(ReadOnlySpan<byte> body)
    {
        var theirRole = _configuration.Role == LinkRole.Opener ? LinkRole.Accepter : LinkRole.Opener;
        var transcript = Transcript(_theirHello, _hello, theirRole);
        var peer = Peer!.Bundle;
        if (!HelloProof.TryParse(body, out var proof))
        {
            Fail(LinkFailure.ProtocolError, "the proof cannot be read");
        }
        else if (!proof.Verify(peer, transcript))
        {
            Fail(LinkFailure.BadProof, "the proof is not signed by the key that the hello names");
        }
        else if (_configuration.Role == LinkRole.Accepter && !_configuration.Admission.Admits(peer.Id, transcript, proof.InviteMac))
        {
            Fail(LinkFailure.NotAdmitted, "not admitted: this node wants an invite token or a listed id");
        }
        else
        {
            Send(FrameKind.Welcome, default);
            State = LinkHandshakeState.AwaitingWelcome;
        }
    }

    private byte[] Transcript(ReadOnlySpan<byte> maker, ReadOnlySpan<byte> other, LinkRole makerRole)
    {
        var transcript = new byte[HelloProof.TranscriptLength];
        var writer = new WireWriter(transcript);
        SHA256.HashData(maker, writer.Take(32));
        SHA256.HashData(other, writer.Take(32));
        _configuration.Binding.WriteTo(writer.Take(ChannelBinding.Length));
        writer.WriteByte((byte)makerRole);
        return transcript;
    }

    private void Fail(LinkFailure failure, string text)
    {
        Send(FrameKind.Refused, Encoding.UTF8.GetBytes(text));
        End(failure, text);
    }

    private void End(LinkFailure failure, string text)
    {
        Failure = failure;
        FailureText = text;
        State = LinkHandshakeState.Failed;
    }

    private void Send(FrameKind kind, ReadOnlySpan<byte> body) => _outgoing.Enqueue(Frame.Create(kind, NextSequence++, body));
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// Opens what was sealed to us and refuses what is forged, altered, replayed or stale, with a reason that is counted.
/// Used from one thread.
/// </summary>
/// <param name="identity">Who receives.</param>
/// <param name="maximumSenders">
/// Senders whose sequence numbers are remembered. A table that is full refuses new senders rather than forgetting
/// one, because what is forgotten can be replayed. 200 bytes each.
/// </param>
public sealed class EnvelopeOpener(NodeIdentity identity, int maximumSenders = 16_384)
{
    private readonly Dictionary<PeerId, ReplayWindow> _windows = [];
    private readonly long[] _counts = new long[Enum.GetValues<RefusalReason>().Length];

    /// <summary>How many envelopes met this reason; <see cref="RefusalReason.None"/> counts those that were accepted.</summary>
    public long Count(RefusalReason reason) => _counts[(int)reason];

    /// <summary>
    /// Reads, opens and checks an envelope that a neighbour brought. No exception escapes, whatever the bytes are.
    /// </summary>
    /// <param name="now">For the budget.</param>
    /// <param name="envelope">Parsed by <see cref="Envelope.TryParse"/>.</param>
    /// <param name="sender">The key bundle of <see cref="Envelope.From"/>, null when it is unknown.</param>
    /// <param name="budget">Of the neighbour that is authenticated on the link; charged before any cryptography.</param>
    /// <param name="opened">What it held.</param>
    /// <param name="reason">Why not, when not.</param>
    public bool TryOpen(
        MonotonicTime now,
        Envelope envelope,
        KeyBundle? sender,
        TokenBucket budget,
        [NotNullWhen(true)] out OpenedEnvelope? opened,
        out RefusalReason reason)
    {
        reason = Open(now, envelope, sender, budget, out opened);
        _counts[(int)reason]++;
        return reason == RefusalReason.None;
    }

    /// <summary>Counts something that was refused before there was an envelope to open.</summary>
    public void CountRefusal(RefusalReason reason) => _counts[(int)reason]++;

    private RefusalReason Open(MonotonicTime now, Envelope envelope, KeyBundle? sender, TokenBucket budget, out OpenedEnvelope? opened)
    {
        opened = null;
        if (envelope.To != identity.Id)
        {
            return RefusalReason.NotForUs;
        }

        if (sender is null || sender.Id != envelope.From)
        {
            return RefusalReason.UnknownSender;
        }

        if (!budget.TryTake(now))
        {
            return RefusalReason.RateLimited;
        }

        if (!P256.IsPoint(envelope.Enc))
        {
            return RefusalReason.InvalidKey;
        }

        try
        {
            return OpenAndVerify(envelope, sender, out opened);
        }
        catch (CryptographicException)
        {
            // AesGcm has no way to say "wrong tag" but to throw; the budget above bounds how often.
            return RefusalReason.NotOpened;
        }
    }

    private RefusalReason OpenAndVerify(Envelope envelope, KeyBundle sender, out OpenedEnvelope? opened)
    {
        opened = null;
        var header = new byte[EnvelopeHeader.Length];
        envelope.Header.WriteTo(header);
        using var context = Hpke.SetupBaseReceiver(envelope.Enc, identity, EnvelopeSealer.Info);
        if (envelope.Sealed.Length < Hpke.TagLength)
        {
            return RefusalReason.NotOpened;
        }

        var plaintext = context.Open(header, envelope.Sealed);
        if (!EnvelopeContent.TryParse(plaintext, out var content, out var payload, out var signature))
        {
            return RefusalReason.MalformedContent;
        }

        var unsigned = plaintext.AsSpan(0, plaintext.Length - signature.Length);
        byte[] signed = [.. SignatureContext.Envelope, .. header, .. envelope.Enc, .. unsigned];
        if (!sender.Verify() || !P256.Verify(sender.SigningKey, signed, signature))
        {
            return RefusalReason.BadSignature;
        }

        var fresh = CheckFreshness(envelope.From, content);
        if (fresh == RefusalReason.None)
        {
            opened = new OpenedEnvelope(envelope.From, envelope.MessageId, content.Type, content.Sequence, payload.ToArray());
        }

        return fresh;
    }

    private RefusalReason CheckFreshness(PeerId from, EnvelopeContent content)
    {
        if (content.ReceiverBootNonce != identity.BootNonce)
        {
            return RefusalReason.StaleBootNonce;
        }

        if (!_windows.TryGetValue(from, out var window))
        {
            if (_windows.Count >= maximumSenders)
            {
                return RefusalReason.TooManySenders;
            }

            window = new ReplayWindow();
            _windows.Add(from, window);
        }

        var reason = window.Check(content.Sequence);
        if (reason == RefusalReason.None)
        {
            window.Mark(content.Sequence);
        }

        return reason;
    }
}

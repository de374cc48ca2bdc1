using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Links;

/// <summary>Whom a node lets in, once the key is proven: anyone, who knows an invite token, or who is listed. Immutable.</summary>
public sealed class AdmissionPolicy
{
    private readonly bool _open;
    private readonly InviteToken[] _invites;
    private readonly HashSet<PeerId> _listed;

    private AdmissionPolicy(bool open, IEnumerable<InviteToken> invites, IEnumerable<PeerId> listed)
    {
        _open = open;
        _invites = [.. invites];
        _listed = [.. listed];
    }

    /// <summary>Anyone who proves a key.</summary>
    public static AdmissionPolicy Open { get; } = new(open: true, [], []);

    /// <summary>Nobody: a node that only opens links.</summary>
    public static AdmissionPolicy Closed { get; } = new(open: false, [], []);

    /// <summary>Who proves one of these tokens.</summary>
    public static AdmissionPolicy Invite(params IEnumerable<InviteToken> tokens) => new(open: false, tokens, []);

    /// <summary>Who has one of these ids.</summary>
    public static AdmissionPolicy Listed(params IEnumerable<PeerId> ids) => new(open: false, [], ids);

    /// <summary>Who has one of these ids or proves one of these tokens.</summary>
    public static AdmissionPolicy InviteOrListed(IEnumerable<InviteToken> tokens, IEnumerable<PeerId> ids) => new(open: false, tokens, ids);

    /// <summary>Whether a peer whose key is proven may come in.</summary>
    /// <param name="peer">Its id.</param>
    /// <param name="transcript">What its proof signed.</param>
    /// <param name="inviteMac">Its proof of a token, or empty.</param>
    internal bool Admits(PeerId peer, ReadOnlySpan<byte> transcript, ReadOnlySpan<byte> inviteMac)
    {
        var admitted = _open || _listed.Contains(peer);
        if (!inviteMac.IsEmpty)
        {
            foreach (var invite in _invites)
            {
                admitted |= invite.Verify(transcript, inviteMac);
            }
        }

        return admitted;
    }
}

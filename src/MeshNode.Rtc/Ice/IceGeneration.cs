using System.Text;

namespace MeshNode.Rtc.Ice;

/// <summary>What begins anew with an ICE restart (RFC 8445 §9): both sides' credentials, the remote candidates, the check list.</summary>
internal sealed class IceGeneration
{
    public IceGeneration(IceCredentials local, IceAgentConfiguration configuration, IceRole role)
    {
        Local = local;
        LocalFragment = Encoding.ASCII.GetBytes(local.UsernameFragment);
        LocalPassword = Encoding.ASCII.GetBytes(local.Password);
        Remotes = new RemoteCandidateSet(configuration);
        Checks = new CheckList(this, configuration, role);
    }

    public IceCredentials Local { get; }

    public byte[] LocalFragment { get; }

    public byte[] LocalPassword { get; }

    public IceCredentials? Remote { get; private set; }

    public byte[] RemoteFragment { get; private set; } = [];

    public byte[] RemotePassword { get; private set; } = [];

    /// <summary>RFC 8445 §7.2.2: "the username fragment provided by its peer ... followed by a colon, followed by [its own]".</summary>
    public byte[] OutgoingUsername { get; private set; } = [];

    public RemoteCandidateSet Remotes { get; }

    public CheckList Checks { get; }

    public bool IsRemoteComplete { get; set; }

    /// <summary>When checks without success end in failure; null before the far side's credentials are known.</summary>
    public MonotonicTime? Deadline { get; set; }

    /// <summary>When the first pair succeeded: the patience of nomination counts from here.</summary>
    public MonotonicTime? FirstValidAt { get; set; }

    public void SetRemote(IceCredentials remote)
    {
        Remote = remote;
        RemoteFragment = Encoding.ASCII.GetBytes(remote.UsernameFragment);
        RemotePassword = Encoding.ASCII.GetBytes(remote.Password);
        OutgoingUsername = [.. RemoteFragment, (byte)':', .. LocalFragment];
    }

    /// <summary>A check's USERNAME names us by what stands before the colon.</summary>
    public bool IsAddressedBy(ReadOnlySpan<byte> username) =>
        username.Length > LocalFragment.Length && username[LocalFragment.Length] == (byte)':' && username.StartsWith(LocalFragment);

    /// <summary>False when the sender's half is known to belong to another generation of the far side.</summary>
    public bool IsSentByPeer(ReadOnlySpan<byte> username) =>
        Remote is null || username[(LocalFragment.Length + 1)..].SequenceEqual(RemoteFragment);
}

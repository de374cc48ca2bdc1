using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Node.Settings;
using MeshNode.Rtc;

namespace MeshNode.Node.Hosting;

/// <summary>Turns the settings into whom the mesh admits, making the node's own invite token where one is needed.</summary>
internal static class Invites
{
    /// <param name="settings">Of the node.</param>
    /// <param name="secure">Makes the token.</param>
    /// <returns>The policy; the file with a token that it admits, or null; and what to tell a person.</returns>
    /// <exception cref="IdentityException">The token's file cannot be used.</exception>
    public static (AdmissionPolicy Policy, string? File, string Words) Open(NodeSettings settings, RandomSource secure)
    {
        switch (settings.Admission)
        {
            case AdmissionKind.Open:
                return (AdmissionPolicy.Open, null, "anyone who proves a key");
            case AdmissionKind.List:
                return (AdmissionPolicy.Listed(settings.AdmittedPeers), null, $"{settings.AdmittedPeers.Count} listed ids");
            default:
                var file = DataDirectory.InviteToken(settings.DataDirectory);
                if (!File.Exists(file))
                {
                    OwnerOnlyFile.Write(file, InviteToken.CreateText(secure));
                }

                InviteToken own;
                try
                {
                    own = InviteToken.Parse(OwnerOnlyFile.ReadText(file));
                }
                catch (ArgumentException exception)
                {
                    throw new IdentityException($"{file}: {exception.Message} Delete it, and the node makes a new one", exception);
                }

                var policy = AdmissionPolicy.InviteOrListed([own, .. settings.AdmittedInvites], settings.AdmittedPeers);
                return (policy, file, $"who knows the token in {file}");
        }
    }
}

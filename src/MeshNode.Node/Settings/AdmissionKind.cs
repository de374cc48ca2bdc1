namespace MeshNode.Node.Settings;

/// <summary>Whom a node lets in, once "auto" has been decided.</summary>
internal enum AdmissionKind
{
    Open,
    Invite,
    List,
}

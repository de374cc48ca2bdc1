namespace MeshNode.Persistence.Sql;

/// <summary>The database was brought to a schema by a later version of this program: use that one, or restore a backup.</summary>
public sealed class SchemaTooNewException(string where, int found, int known)
    : InvalidOperationException($"{where} has schema version {found}; this program knows versions up to {known}. Start a program as new as the database.")
{
    /// <summary>That the database has.</summary>
    public int Found { get; } = found;

    /// <summary>The highest that this program knows.</summary>
    public int Known { get; } = known;
}

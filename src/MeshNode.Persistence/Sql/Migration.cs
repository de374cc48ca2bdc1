using System.Globalization;
using System.Reflection;

namespace MeshNode.Persistence.Sql;

/// <summary>
/// One step of a schema. The scripts lie beside each engine, <c>Migrations/001.sql</c> onwards, and are embedded. A script that
/// was released is never edited: what changes is a new one.
/// </summary>
/// <param name="Version">That the schema has afterwards; from 1, without gaps.</param>
/// <param name="Sql">Statements, run in one transaction together with the new version number.</param>
internal sealed record Migration(int Version, string Sql)
{
    /// <summary>All of an engine, by version.</summary>
    /// <param name="engine">Name of its folder, <c>Sqlite</c> or <c>PostgreSql</c>.</param>
    public static IReadOnlyList<Migration> Load(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"MeshNode.Persistence.{engine}.Migrations.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => new Migration(int.Parse(name[prefix.Length..name.LastIndexOf('.')], CultureInfo.InvariantCulture), Read(assembly, name)))
            .OrderBy(migration => migration.Version)];
    }

    /// <summary>Those that a schema of version <paramref name="current"/> still needs.</summary>
    /// <param name="where">Names the database in the error.</param>
    /// <exception cref="SchemaTooNewException">The schema was made by a later version of this program.</exception>
    public static IEnumerable<Migration> After(IReadOnlyList<Migration> all, int current, string where) =>
        current <= all[^1].Version
            ? all.Where(migration => migration.Version > current)
            : throw new SchemaTooNewException(where, current, all[^1].Version);

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

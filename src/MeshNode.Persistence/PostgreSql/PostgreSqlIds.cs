using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>
/// The numbers of persistence ids. A number is given once, in a transaction of its own, and never changes, so it may be
/// remembered.
/// </summary>
internal sealed class PostgreSqlIds(PostgreSqlDatabase database)
{
    /// <summary>About 150 bytes each. Beyond it the memory is given back and filled again with those in use.</summary>
    private const int MaxRemembered = 1 << 18;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);

    /// <summary>What stands for the id in the index: ids are longer than an index entry may be.</summary>
    public static byte[] Hash(string persistenceId) => SHA256.HashData(Encoding.UTF8.GetBytes(persistenceId));

    /// <summary>Finds or gives the numbers of all these ids.</summary>
    public async Task<Dictionary<string, long>> GetOrAddAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(persistenceIds.Count, StringComparer.Ordinal);
        List<string>? missing = null;
        lock (_gate)
        {
            foreach (var id in persistenceIds)
            {
                if (_numbers.TryGetValue(id, out var number))
                {
                    found[id] = number;
                }
                else
                {
                    (missing ??= []).Add(id);
                }
            }
        }

        if (missing is not null)
        {
            var added = await database.RunAsync((connection, cancellation) => AddAsync(connection, missing, cancellation), cancellationToken).ConfigureAwait(false);
            Remember(added);
            foreach (var (id, number) in added)
            {
                found[id] = number;
            }
        }

        return found;
    }

    /// <summary>When the database does not know a number that we remember: it is another one now.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _numbers.Clear();
        }
    }

    private async Task<List<(string Id, long Number)>> AddAsync(NpgsqlConnection connection, List<string> ids, CancellationToken cancellationToken)
    {
        // In one order everywhere, so that two nodes that add the same ids wait for each other and never in a circle.
        var sorted = ids.Distinct(StringComparer.Ordinal).Select(id => (Hash: Hash(id), Id: id)).ToList();
        sorted.Sort((left, right) => left.Hash.AsSpan().SequenceCompareTo(right.Hash));
        var hashes = PostgreSqlDatabase.Value(sorted.ConvertAll(entry => entry.Hash).ToArray());
        await PostgreSqlDatabase.ExecuteAsync(
            connection,
            $"""
            INSERT INTO {database.Table("persistence_ids")} (hash, persistence_id)
            SELECT n.hash, n.persistence_id FROM unnest($1, $2) WITH ORDINALITY AS n (hash, persistence_id, place)
            WHERE NOT EXISTS (SELECT 1 FROM {database.Table("persistence_ids")} p WHERE p.hash = n.hash)
            ORDER BY n.place ON CONFLICT (hash) DO NOTHING
            """,
            cancellationToken,
            hashes,
            PostgreSqlDatabase.Value(sorted.ConvertAll(entry => entry.Id).ToArray())).ConfigureAwait(false);
        return await PostgreSqlDatabase.QueryAsync(
            connection,
            $"SELECT persistence_id, id FROM {database.Table("persistence_ids")} WHERE hash = ANY($1)",
            row => (row.GetString(0), row.GetInt64(1)),
            cancellationToken,
            hashes.Clone()).ConfigureAwait(false);
    }

    private void Remember(List<(string Id, long Number)> added)
    {
        lock (_gate)
        {
            if (_numbers.Count + added.Count > MaxRemembered)
            {
                _numbers.Clear();
            }

            foreach (var (id, number) in added)
            {
                _numbers[id] = number;
            }
        }
    }
}

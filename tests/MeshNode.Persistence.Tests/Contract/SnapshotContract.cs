using System.Text;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Tests.Contract;

/// <summary>What every store of snapshots promises; see <see cref="ISnapshotStore"/>.</summary>
public abstract class SnapshotContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTime Noon = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddTicks(7);

    private ISnapshotStore? _store;

    private ISnapshotStore Store => _store!;

    /// <summary>A store over the data of this test, empty at first. Called again: over the same data.</summary>
    protected abstract ISnapshotStore Open();

    public async Task InitializeAsync()
    {
        _store = Open();
        await _store.StartAsync(None);
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task A_snapshot_is_loaded_whole()
    {
        await Store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("a", 7, Noon), "state", 3, new byte[] { 0, 255 }), None);

        var loaded = await Store.LoadAsync("a", SnapshotSelectionCriteria.Latest, None);

        Assert.Equal(new SnapshotMetadata("a", 7, Noon), loaded!.Metadata);
        Assert.Equal(DateTimeKind.Utc, loaded.Metadata.Timestamp.Kind);
        Assert.Equal(("state", 3), (loaded.Manifest, loaded.Version));
        Assert.Equal([0, 255], loaded.Payload.ToArray());
    }

    [Fact]
    public async Task The_latest_that_matches_is_loaded()
    {
        await SaveAsync(5, 10, 15);

        Assert.Equal(15, await NumberAsync(SnapshotSelectionCriteria.Latest));
        Assert.Equal(10, await NumberAsync(new SnapshotSelectionCriteria(14)));
        Assert.Equal(10, await NumberAsync(new SnapshotSelectionCriteria(long.MaxValue, Noon.AddHours(10))));
        Assert.Equal(10, await NumberAsync(new SnapshotSelectionCriteria(10, DateTime.MaxValue, 10)));
        Assert.Null(await NumberAsync(new SnapshotSelectionCriteria(10, DateTime.MaxValue, 6, Noon.AddHours(11))));
        Assert.Null(await NumberAsync(SnapshotSelectionCriteria.None));
        Assert.Null(await Store.LoadAsync("b", SnapshotSelectionCriteria.Latest, None));
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_one_with_its_number()
    {
        await SaveAsync(5);
        await Store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("a", 5, Noon), "other", 2, Encoding.UTF8.GetBytes("new")), None);

        var loaded = await Store.LoadAsync("a", SnapshotSelectionCriteria.Latest, None);

        Assert.Equal(("other", 2, Noon, "new"), (loaded!.Manifest, loaded.Version, loaded.Metadata.Timestamp, Encoding.UTF8.GetString(loaded.Payload.Span)));
    }

    [Fact]
    public async Task One_snapshot_is_deleted_by_its_metadata()
    {
        await SaveAsync(5, 10);

        await Store.DeleteAsync(new SnapshotMetadata("a", 10, Noon), None); // of another time
        await Store.DeleteAsync(new SnapshotMetadata("b", 10), None);
        Assert.Equal(10, await NumberAsync(SnapshotSelectionCriteria.Latest));
        await Store.DeleteAsync(new SnapshotMetadata("a", 10, Noon.AddHours(10)), None);
        Assert.Equal(5, await NumberAsync(SnapshotSelectionCriteria.Latest));
        await Store.DeleteAsync(new SnapshotMetadata("a", 5), None);
        Assert.Null(await NumberAsync(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public async Task Snapshots_are_deleted_by_criteria()
    {
        await SaveAsync(5, 10, 15);

        await Store.DeleteAsync("a", new SnapshotSelectionCriteria(long.MaxValue, Noon.AddHours(12), 6), None);

        Assert.Equal(15, await NumberAsync(SnapshotSelectionCriteria.Latest));
        Assert.Equal(5, await NumberAsync(new SnapshotSelectionCriteria(14)));
    }

    [Fact]
    public async Task Snapshots_are_there_after_opening_again()
    {
        await SaveAsync(5);
        await Store.DisposeAsync();

        _store = Open();
        await Store.StartAsync(None);

        Assert.Equal(5, await NumberAsync(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public async Task A_snapshot_of_eight_mebibytes_is_kept_and_an_empty_one_too()
    {
        var payload = new byte[8 << 20];
        new Random(2).NextBytes(payload);
        await Store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("a", 1, Noon), "state", 1, payload), None);
        await Store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("b", 1, Noon), "state", 1, Array.Empty<byte>()), None);

        var loaded = await Store.LoadAsync("a", SnapshotSelectionCriteria.Latest, None);
        Assert.True(payload.AsSpan().SequenceEqual(loaded!.Payload.Span));
        Assert.True((await Store.LoadAsync("b", SnapshotSelectionCriteria.Latest, None))!.Payload.IsEmpty);
    }

    [Fact]
    public async Task An_id_or_manifest_that_cannot_be_stored_is_refused()
    {
        var snapshot = new StoredSnapshot(new SnapshotMetadata("nul\0", 1, Noon), "state", 1, Array.Empty<byte>());

        await Assert.ThrowsAsync<ArgumentException>(() => Store.SaveAsync(snapshot, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SaveAsync(snapshot with { Metadata = new SnapshotMetadata("a", 1), Manifest = "" }, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.LoadAsync("nul\0", SnapshotSelectionCriteria.Latest, None));
    }

    /// <summary>Each taken as many hours after noon as its number.</summary>
    private async Task SaveAsync(params long[] numbers)
    {
        foreach (var number in numbers)
        {
            await Store.SaveAsync(new StoredSnapshot(new SnapshotMetadata("a", number, Noon.AddHours(number)), "state", 1, Encoding.UTF8.GetBytes("{}")), None);
        }
    }

    private async Task<long?> NumberAsync(SnapshotSelectionCriteria criteria) => (await Store.LoadAsync("a", criteria, None))?.Metadata.SequenceNr;
}

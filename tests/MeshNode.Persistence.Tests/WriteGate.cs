using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

/// <summary>Holds up a store's transactions until the test lets each of them go.</summary>
internal sealed class WriteGate
{
    private readonly ScriptedStore _store;
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _open = new(0);

    public WriteGate(ScriptedStore store)
    {
        _store = store;
        store.Write = WriteAsync;
    }

    /// <summary>Thrown by the next transaction, once.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Waits until a transaction stands at the gate.</summary>
    public void AwaitTransaction() => Assert.True(_entered.Wait(TimeSpan.FromSeconds(60)), "No transaction came.");

    /// <summary>Lets one transaction go.</summary>
    public void Release() => _open.Release();

    /// <summary>Lets all go from here on.</summary>
    public void Open()
    {
        _store.Write = null;
        _open.Release(1_000_000);
    }

    private async Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes)
    {
        _entered.Release();
        await _open.WaitAsync();
        if (Failure is { } failure)
        {
            Failure = null;
            throw failure;
        }

        return await _store.Inner.WriteAsync(writes, default);
    }
}

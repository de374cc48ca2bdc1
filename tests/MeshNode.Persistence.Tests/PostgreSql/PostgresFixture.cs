namespace MeshNode.Persistence.Tests.PostgreSql;

/// <summary>One server for all tests that leave it as it is; each takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer.PostgresServer? _server;

    internal PostgresServer.PostgresServer Server => _server!;

    public string CreateDatabase() => Server.CreateDatabaseAsync().GetAwaiter().GetResult();

    public async Task InitializeAsync() => _server = await PostgresServer.PostgresServer.StartAsync("max_prepared_transactions=4");

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

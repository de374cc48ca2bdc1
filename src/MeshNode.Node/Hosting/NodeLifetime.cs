namespace MeshNode.Node.Hosting;

/// <summary>Keeps ASP.NET from listening to signals: <see cref="NodeHost"/> decides when what stops.</summary>
internal sealed class NodeLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

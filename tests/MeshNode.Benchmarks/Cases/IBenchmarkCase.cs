using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases;

/// <summary>Something to measure, with loops and connections of its own.</summary>
internal interface IBenchmarkCase
{
    string Name { get; }

    Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation);
}

using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>Comes twice in each redelivery interval.</summary>
internal sealed class RedeliveryTick : INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    private RedeliveryTick()
    {
    }

    public static RedeliveryTick Instance { get; } = new();
}

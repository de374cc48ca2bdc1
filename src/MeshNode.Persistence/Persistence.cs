using System.Diagnostics.CodeAnalysis;
using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>Gives a system its persistence: <c>Persistence.Instance.Apply(system)</c>.</summary>
[SuppressMessage("Naming", "CA1724:Type names should not match namespaces", Justification = "Akka.NET names it so.")]
public sealed class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    private Persistence()
    {
    }

    public static Persistence Instance { get; } = new();

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new PersistenceExtension(system, system.Settings.Get<PersistenceSetup>() ?? new PersistenceSetup());
    }
}

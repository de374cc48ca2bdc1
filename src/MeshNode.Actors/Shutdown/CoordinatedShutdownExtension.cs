namespace MeshNode.Actors;

public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new CoordinatedShutdown((ActorSystemImpl)system, system.Settings.Get<CoordinatedShutdownSetup>() ?? CoordinatedShutdownSetup.Default);
    }
}

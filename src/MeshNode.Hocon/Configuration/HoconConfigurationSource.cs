using Microsoft.Extensions.Configuration;

namespace MeshNode.Hocon.Configuration;

/// <summary>A resolved document as a source of <see cref="IConfiguration"/>.</summary>
public sealed class HoconConfigurationSource(Func<HoconObject> load) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(load);
}

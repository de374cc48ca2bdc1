using MeshNode.Hocon;
using MeshNode.Hocon.Configuration;

namespace Microsoft.Extensions.Configuration;

public static class HoconConfigurationExtensions
{
    /// <summary>Adds a HOCON file. It is read once, when the configuration is built.</summary>
    /// <param name="builder">Gets the source.</param>
    /// <param name="path">Relative to the current directory.</param>
    /// <param name="optional">A file that does not exist is then an empty one.</param>
    /// <exception cref="IOException">On building: the file cannot be read.</exception>
    /// <exception cref="HoconException">On building: the file is not HOCON; says where and what was expected.</exception>
    public static IConfigurationBuilder AddHoconFile(this IConfigurationBuilder builder, string path, bool optional = false) =>
        builder.Add(new HoconConfigurationSource(() =>
            optional && !File.Exists(path) ? HoconObject.Empty(path) : HoconDocument.Load(path)));

    /// <summary>Adds a document that is there already, such as one of several layers.</summary>
    public static IConfigurationBuilder AddHocon(this IConfigurationBuilder builder, HoconObject document) =>
        builder.Add(new HoconConfigurationSource(() => document));
}

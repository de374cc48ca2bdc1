using System.Reflection;

namespace MeshNode.Node;

internal static class ProgramVersion
{
    /// <summary>As the build props have it, without the commit that the SDK appends.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

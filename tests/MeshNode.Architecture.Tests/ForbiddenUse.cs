using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MeshNode.Architecture.Tests;

/// <summary>
/// Finds what a compiled assembly takes from its surroundings that a sans-IO core must be given as an argument:
/// sockets and files, tasks and threads, locks, clocks and chance.
/// </summary>
internal static class ForbiddenUse
{
    private static readonly HashSet<string> Namespaces =
    [
        "System.Net.Sockets", "System.Net.NetworkInformation", "System.Net.Http", "System.Net.Security", "System.Net.Quic",
        "System.IO", "System.IO.Pipelines", "System.Threading", "System.Threading.Tasks", "System.Threading.Tasks.Sources",
        "System.Threading.Channels", "System.Collections.Concurrent", "Microsoft.Extensions.Logging",
    ];

    /// <summary>An enumeration that says IPv4 or IPv6 does no I/O.</summary>
    private static readonly HashSet<string> Harmless = ["System.Net.Sockets.AddressFamily"];

    private static readonly HashSet<string> Types =
    [
        "System.Random", "System.TimeProvider", "System.Console", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Net.Dns",
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "System.Runtime.CompilerServices.AsyncTaskMethodBuilder`1",
        "System.Runtime.CompilerServices.AsyncValueTaskMethodBuilder", "System.Runtime.CompilerServices.AsyncValueTaskMethodBuilder`1",
        "System.Runtime.CompilerServices.AsyncVoidMethodBuilder",
    ];

    private static readonly HashSet<string> Members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
    ];

    /// <summary>Full names of the types and members that <paramref name="assemblyPath"/> refers to and that are forbidden, in order.</summary>
    public static IReadOnlyList<string> In(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => (FullName(metadata, handle), NamespaceOf(metadata, handle)))
            .Where(type => (Namespaces.Contains(type.Item2) || Types.Contains(type.Item1)) && !Harmless.Contains(type.Item1))
            .Select(type => type.Item1);
        var members = metadata.MemberReferences.Select(handle => metadata.GetMemberReference(handle))
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => $"{FullName(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}")
            .Where(Members.Contains);
        return [.. types.Concat(members).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The native libraries that <paramref name="assemblyPath"/> imports from by P/Invoke.</summary>
    public static IReadOnlyList<string> NativeLibraries(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return
        [
            .. metadata.MethodDefinitions.Select(handle => metadata.GetMethodDefinition(handle).GetImport())
                .Where(import => !import.Module.IsNil)
                .Select(import => metadata.GetString(metadata.GetModuleReference(import.Module).Name))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static string NamespaceOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? NamespaceOf(metadata, (TypeReferenceHandle)type.ResolutionScope)
            : metadata.GetString(type.Namespace);
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{metadata.GetString(type.Name)}"
            : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}

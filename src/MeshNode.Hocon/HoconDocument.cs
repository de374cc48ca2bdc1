using System.Diagnostics.CodeAnalysis;
using MeshNode.Hocon.Parsing;
using MeshNode.Hocon.Resolving;

namespace MeshNode.Hocon;

/// <summary>From texts to one resolved <see cref="HoconObject"/>.</summary>
public static class HoconDocument
{
    /// <summary>
    /// Parses each text, lays the later over the earlier, and resolves substitutions once over all of them, so that a
    /// lower text's <c>${…}</c> sees what an upper one has set.
    /// </summary>
    /// <param name="texts">The lowest first; at least one.</param>
    /// <param name="overrides">Laid over all texts; null for none.</param>
    /// <param name="environment">Asked where a substitution's path is no key; null for no environment.</param>
    /// <param name="root">The document.</param>
    /// <param name="error">The first error.</param>
    public static bool TryParse(
        IReadOnlyList<HoconText> texts,
        HoconObject? overrides,
        Func<string, string?>? environment,
        [NotNullWhen(true)] out HoconObject? root,
        [NotNullWhen(false)] out HoconError? error)
    {
        root = null;
        HoconValue? layered = null;
        foreach (var text in texts)
        {
            if (!HoconParser.TryParse(new HoconSource(text.Name, text.Text), out var layer, out error))
            {
                return false;
            }

            layered = layered is null ? layer : HoconLayers.Combine(layered, layer);
        }

        layered ??= HoconObject.Empty("");
        if (overrides is not null)
        {
            layered = HoconLayers.Combine(layered, overrides);
        }

        return HoconResolver.TryResolve((HoconObject)layered, environment ?? (_ => null), out root, out error);
    }

    /// <inheritdoc cref="TryParse(IReadOnlyList{HoconText}, HoconObject?, Func{string, string?}?, out HoconObject?, out HoconError?)"/>
    public static bool TryParse(
        HoconText text, [NotNullWhen(true)] out HoconObject? root, [NotNullWhen(false)] out HoconError? error) =>
        TryParse([text], overrides: null, environment: null, out root, out error);

    /// <summary>Reads and parses a file, with the process's environment.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="HoconException">It is not HOCON; the message says where and what was expected.</exception>
    public static HoconObject Load(string path) =>
        TryParse([new HoconText(path, File.ReadAllText(path))], null, Environment.GetEnvironmentVariable, out var root, out var error)
            ? root
            : throw new HoconException(error);
}

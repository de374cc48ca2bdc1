using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>Destinations as they stand in snapshots: a path without the incarnation, for the actor may have been made anew.</summary>
internal static class DeliveryPath
{
    private const string Prefix = "akka://";

    /// <exception cref="FormatException">It is not what <see cref="ActorPath.ToString"/> gives.</exception>
    public static ActorPath Parse(string text)
    {
        var elements = text.StartsWith(Prefix, StringComparison.Ordinal)
            ? text[Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (elements.Length == 0)
        {
            throw new FormatException($"[{text}] is not an actor's path.");
        }

        return elements.Skip(1).Aggregate(ActorPath.Root(elements[0]), static (path, name) => path.Child(name, 0));
    }

    /// <exception cref="NotSupportedException">The selection has wildcards.</exception>
    public static ActorPath Of(ActorSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.PathString.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            throw new NotSupportedException($"Delivering to wildcard selections is not supported: {selection}");
        }

        var path = selection.Anchor.Path;
        foreach (var element in selection.PathString.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = element == ".." ? path.Parent : path.Child(element, 0);
        }

        return path;
    }
}

using System.Collections.Immutable;

namespace MeshNode.Persistence.Journal;

/// <summary>An event and the tags under which queries find it: given by an <see cref="IWriteEventAdapter"/>, or persisted as it is.</summary>
public sealed class Tagged
{
    /// <param name="payload">Of a registered type.</param>
    /// <param name="tags">None empty, each at most 255 characters.</param>
    public Tagged(object payload, IEnumerable<string> tags)
        : this(payload, tags.ToImmutableHashSet(StringComparer.Ordinal))
    {
    }

    /// <inheritdoc cref="Tagged(object, IEnumerable{string})"/>
    public Tagged(object payload, IImmutableSet<string> tags)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(tags);
        if (tags.Any(tag => tag.Length is 0 or > 255))
        {
            throw new ArgumentException("A tag has 1 to 255 characters.", nameof(tags));
        }

        Payload = payload;
        Tags = tags;
    }

    public object Payload { get; }

    public IImmutableSet<string> Tags { get; }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MeshNode.Actors;

/// <summary>Where an actor stands in the tree: <c>akka://system/user/parent/child</c>. Equality leaves out the incarnation's <see cref="Uid"/>.</summary>
public sealed class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What a name may hold beside ASCII letters and digits.</summary>
    public const string ValidSymbols = "-_.*$+:@&=,!~';()";

    private readonly string _systemName;

    private ActorPath(ActorPath? parent, string systemName, string name, long uid)
    {
        Parent = parent ?? this;
        _systemName = systemName;
        Name = name;
        Uid = uid;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>The root is its own parent.</summary>
    public ActorPath Parent { get; }

    /// <summary>Empty for the root.</summary>
    public string Name { get; }

    /// <summary>Tells incarnations of one name apart.</summary>
    public long Uid { get; }

    public int Depth { get; }

    /// <summary>Names from the root down, without the root's empty one.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var index = Depth - 1; index >= 0; index--)
            {
                elements[index] = path.Name;
                path = path.Parent;
            }

            return elements;
        }
    }

    /// <summary>ASCII letters, digits and <c>-_.*$+:@&amp;=,!~';()</c>, not beginning with <c>$</c>, which the kernel's own names do.</summary>
    public static bool IsValidPathElement(string? name) =>
        !string.IsNullOrEmpty(name) && name[0] != '$' && HasValidCharacters(name);

    /// <summary>From <c>akka://system/user/a</c>, with <c>#uid</c> at the end or without.</summary>
    /// <exception cref="UriFormatException">It is no path.</exception>
    public static ActorPath Parse(string path) => TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"[{path}] is no actor path.");

    /// <inheritdoc cref="Parse"/>
    /// <returns>False when it is no path.</returns>
    public static bool TryParse(string? path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        const string Scheme = "akka://";
        actorPath = null;
        if (path is null || !path.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var hash = path.IndexOf('#', StringComparison.Ordinal);
        var uid = 0L;
        if (hash >= 0 && !long.TryParse(path.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out uid))
        {
            return false;
        }

        var elements = path[Scheme.Length..(hash >= 0 ? hash : path.Length)].Split('/');
        if (elements[0].Length == 0 || !elements.Skip(1).All(element => element.Length > 0 && HasValidCharacters(element)))
        {
            return elements is [{ Length: > 0 } root, ""] && (actorPath = Root(root)) is not null;
        }

        actorPath = (Root(elements[0]) / elements.Skip(1)).WithUid(uid);
        return true;
    }

    /// <summary>Names from the root down as one text: <c>/user/a</c>.</summary>
    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    /// <summary>The path of an actor of that name below this one, of no incarnation.</summary>
    public ActorPath Child(string childName)
    {
        ArgumentException.ThrowIfNullOrEmpty(childName);
        return Child(childName, 0);
    }

    /// <summary>The path so many steps down from the root, or with a negative number up from here.</summary>
    public ActorPath ParentOf(int depth)
    {
        var path = this;
        for (var steps = depth >= 0 ? Depth - depth : -depth; steps > 0; steps--)
        {
            path = path.Parent;
        }

        return path;
    }

    /// <summary>The same place, of another incarnation.</summary>
    public ActorPath WithUid(long uid) => Depth == 0 || uid == Uid ? this : new ActorPath(Parent, _systemName, Name, uid);

    public string ToStringWithAddress() => ToString();

    public string ToStringWithoutAddress() => Depth == 0 ? "/" : "/" + string.Join('/', Elements);

    public string ToStringWithUid() => Uid == 0 ? ToString() : $"{this}#{Uid}";

    public override string ToString()
    {
        var text = new StringBuilder("akka://").Append(_systemName);
        foreach (var element in Elements)
        {
            text.Append('/').Append(element);
        }

        return Depth == 0 ? text.Append('/').ToString() : text.ToString();
    }

    public bool Equals(ActorPath? other)
    {
        if (other is null || other.Depth != Depth || other._systemName != _systemName)
        {
            return false;
        }

        for (ActorPath left = this, right = other; left.Depth > 0; left = left.Parent, right = right.Parent)
        {
            if (ReferenceEquals(left, right))
            {
                return true;
            }

            if (left.Name != right.Name)
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        for (var path = this; path.Depth > 0; path = path.Parent)
        {
            hash.Add(path.Name);
        }

        return hash.ToHashCode();
    }

    public int CompareTo(ActorPath? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) => name.Aggregate(path, static (parent, each) => parent.Child(each));

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    public static bool operator <(ActorPath? left, ActorPath? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    public static bool operator <=(ActorPath? left, ActorPath? right) => left is null || left.CompareTo(right) <= 0;

    public static bool operator >(ActorPath? left, ActorPath? right) => left is not null && left.CompareTo(right) > 0;

    public static bool operator >=(ActorPath? left, ActorPath? right) => left is null ? right is null : left.CompareTo(right) >= 0;

    /// <param name="name">Null for a name of the kernel's choice.</param>
    /// <exception cref="InvalidActorNameException">A child cannot be called so.</exception>
    internal static void ThrowIfInvalidName(string? name)
    {
        if (name is not null && !IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]: it must not be empty, must not begin with $, and may hold ASCII letters, digits and {ValidSymbols}");
        }
    }

    internal static ActorPath Root(string systemName) => new(null, systemName, string.Empty, 0);

    internal ActorPath Child(string name, long uid) => new(this, _systemName, name, uid);

    private static bool HasValidCharacters(string name) => name.All(static c => char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c));
}

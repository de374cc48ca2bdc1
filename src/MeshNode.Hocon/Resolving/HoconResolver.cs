using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MeshNode.Hocon.Resolving;

/// <summary>
/// Replaces what the parser left open. Each value is resolved once; what substitutions repeat is charged by its size, so
/// that the finished tree is bounded however few characters ask for it.
/// </summary>
internal sealed class HoconResolver
{
    private enum Phase
    {
        Active,
        UpperLayer, // a path that leads back here means what the key held before (HOCON, "Self-Referential Substitutions")
    }

    private readonly record struct Resolved(HoconValue? Value, int Size);

    private const int MaximumNesting = 4 * HoconLimits.Depth; // of resolving within resolving; protects the stack
    private readonly HoconObject _root;
    private readonly Func<string, string?> _environment;
    private readonly Dictionary<HoconValue, Resolved> _done = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<HoconValue, Phase> _active = new(ReferenceEqualityComparer.Instance);
    private HoconError? _error;
    private int _nesting;
    private long _spent;

    private HoconResolver(HoconObject root, Func<string, string?> environment)
    {
        _root = root;
        _environment = environment;
    }

    public static bool TryResolve(
        HoconObject root,
        Func<string, string?> environment,
        [NotNullWhen(true)] out HoconObject? resolved,
        [NotNullWhen(false)] out HoconError? error)
    {
        var resolver = new HoconResolver(root, environment);
        resolved = resolver.Resolve(root).Value as HoconObject;
        error = resolver._error;
        return error is null && resolved is not null;
    }

    private Resolved Resolve(HoconValue value)
    {
        if (_error is not null)
        {
            return default;
        }

        if (value is HoconScalar)
        {
            return new Resolved(value, 1);
        }

        if (_done.TryGetValue(value, out var known))
        {
            return known;
        }

        if (_nesting >= MaximumNesting)
        {
            return Fail(value, $"expected at most {MaximumNesting} substitutions and values within each other");
        }

        if (!_active.TryAdd(value, Phase.Active))
        {
            return Fail(value, $"expected a value, found that {value.Describe()} leads back to itself");
        }

        _nesting++;
        var resolved = value switch
        {
            HoconObject open => ResolveObject(open),
            HoconArray open => ResolveArray(open),
            HoconSubstitution open => ResolveSubstitution(open),
            HoconConcatenation open => ResolveConcatenation(open),
            _ => ResolveLayers((HoconLayers)value),
        };
        _nesting--;
        _active.Remove(value);
        _done[value] = resolved;
        return resolved;
    }

    private Resolved ResolveObject(HoconObject open)
    {
        var closed = new HoconObject(open.Origin);
        var size = 1;
        foreach (var (name, field) in open.Fields)
        {
            var resolved = Resolve(field);
            if (resolved.Value is { } value) // an absent ${?…} sets nothing
            {
                closed.Set(name, value);
                size += resolved.Size;
            }
        }

        return new Resolved(closed, size);
    }

    private Resolved ResolveArray(HoconArray open)
    {
        var items = new List<HoconValue>(open.Items.Count);
        var size = 1;
        foreach (var item in open.Items)
        {
            var resolved = Resolve(item);
            if (resolved.Value is { } value)
            {
                items.Add(value);
                size += resolved.Size;
            }
        }

        return new Resolved(new HoconArray(items, open.Origin), size);
    }

    private Resolved ResolveSubstitution(HoconSubstitution open)
    {
        var found = Find(_root, open.Path, 0);
        while (found is HoconLayers layers && _active.TryGetValue(layers, out var phase) && phase == Phase.UpperLayer)
        {
            found = layers.Lower;
        }

        var resolved = found is null ? default : Resolve(found);
        if (resolved.Value is null && _error is null && _environment(open.PathText) is { } text)
        {
            resolved = new Resolved(new HoconScalar(text, isQuoted: true, new HoconOrigin($"environment variable {open.PathText}")), 1);
        }

        return resolved.Value is null && !open.IsOptional && _error is null
            ? Fail(open, $"expected a key or an environment variable {open.PathText} for {open.Describe()}, found neither")
            : Spend(open, resolved);
    }

    /// <summary>The value at a path before it is resolved, so that one key can refer to its neighbour.</summary>
    private HoconValue? Find(HoconValue from, IReadOnlyList<string> path, int index)
    {
        if (index == path.Count || _error is not null)
        {
            return from;
        }

        switch (from)
        {
            case HoconObject parent:
                return parent.TryGetField(path[index], out var field) ? Find(field, path, index + 1) : null;
            case HoconLayers layers:
                var upper = Find(layers.Upper, path, index);
                var lower = upper is HoconScalar or HoconArray ? null : Find(layers.Lower, path, index);
                return upper is null ? lower : lower is null ? upper : new HoconLayers(lower, upper);
            case HoconSubstitution or HoconConcatenation:
                return Resolve(from).Value is { } value ? Find(value, path, index) : null;
            default:
                return null;
        }
    }

    private Resolved ResolveLayers(HoconLayers layers)
    {
        _active[layers] = Phase.UpperLayer;
        var upper = Resolve(layers.Upper);
        if (upper.Value is HoconScalar or HoconArray)
        {
            return upper;
        }

        _active[layers] = Phase.Active;
        var lower = Resolve(layers.Lower);
        return (lower.Value, upper.Value) switch
        {
            (_, null) => lower,
            (HoconObject left, HoconObject right) => Spend(layers, new Resolved(HoconObject.Merge(left, right), lower.Size + upper.Size)),
            _ => upper,
        };
    }

    /// <summary>
    /// "If all the values are simple values, they are concatenated into a string … arrays … objects"
    /// (HOCON specification, "Value concatenation"); space between objects or lists is nothing.
    /// </summary>
    private Resolved ResolveConcatenation(HoconConcatenation open)
    {
        var values = new List<Resolved>();
        var isText = true;
        foreach (var part in open.Parts)
        {
            var resolved = Resolve(part);
            if (resolved.Value is not null)
            {
                values.Add(resolved);
                isText &= resolved.Value is HoconScalar;
            }
        }

        if (isText)
        {
            return JoinTexts(open, values);
        }

        values.RemoveAll(value => value.Value is HoconScalar { IsQuoted: false } scalar && string.IsNullOrWhiteSpace(scalar.Text));
        var joined = values[0];
        foreach (var next in values.Skip(1))
        {
            HoconValue? both = (joined.Value, next.Value) switch
            {
                (HoconObject left, HoconObject right) => HoconObject.Merge(left, right),
                (HoconArray left, HoconArray right) => new HoconArray([.. left.Items, .. right.Items], open.Origin),
                _ => null,
            };
            if (both is null)
            {
                return Fail(open, $"expected values of one kind side by side, found {joined.Value!.Describe()} and {next.Value!.Describe()}");
            }

            joined = Spend(open, new Resolved(both, joined.Size + next.Size));
            if (_error is not null)
            {
                return default;
            }
        }

        return joined;
    }

    private Resolved JoinTexts(HoconConcatenation open, List<Resolved> values)
    {
        if (!values.Any(value => value.Value is HoconScalar scalar && (scalar.IsQuoted || !string.IsNullOrWhiteSpace(scalar.Text))))
        {
            return default; // nothing but absent substitutions and the space between them
        }

        long length = values.Sum(value => (long)((HoconScalar)value.Value!).Text.Length);
        Spend(open, new Resolved(open, (int)Math.Min(length, int.MaxValue)));
        if (_error is not null)
        {
            return default;
        }

        var text = new StringBuilder((int)length);
        values.ForEach(value => text.Append(((HoconScalar)value.Value!).Text));
        return new Resolved(new HoconScalar(text.ToString(), isQuoted: true, open.Origin), 1);
    }

    /// <summary>Charges what a substitution or concatenation adds to the document.</summary>
    private Resolved Spend(HoconValue at, Resolved resolved)
    {
        _spent += resolved.Size;
        return _spent <= HoconLimits.ResolvedSize
            ? resolved
            : Fail(at, $"expected substitutions that bring at most {HoconLimits.ResolvedSize} values and characters");
    }

    private Resolved Fail(HoconValue at, string message)
    {
        _error ??= new HoconError(at.Position, message);
        return default;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using MeshNode.Hocon.Resolving;

namespace MeshNode.Hocon.Parsing;

/// <summary>
/// Recursive descent over one text. What comes out may still hold substitutions, concatenations and layers, which
/// <see cref="HoconResolver"/> takes away.
/// </summary>
internal sealed class HoconParser
{
    private readonly HoconReader _reader;

    private HoconParser(HoconReader reader) => _reader = reader;

    public static bool TryParse(
        HoconSource source, [NotNullWhen(true)] out HoconObject? root, [NotNullWhen(false)] out HoconError? error)
    {
        var reader = new HoconReader(source);
        root = null;
        if (source.Text.Length > HoconLimits.TextLength)
        {
            reader.FailAt(0, $"expected at most {HoconLimits.TextLength} characters, found {source.Text.Length}");
        }
        else
        {
            root = new HoconParser(reader).ParseRoot();
        }

        error = reader.Error;
        return error is null;
    }

    private HoconObject ParseRoot()
    {
        _reader.SkipBlank();
        var root = new HoconObject(_reader.Origin);
        var start = _reader.Offset;
        var hasBraces = _reader.TryTake('{');
        if (TryParseFields(root, hasBraces ? start : null, depth: 1) && hasBraces)
        {
            _reader.SkipBlank();
            if (!_reader.IsAtEnd)
            {
                _reader.Fail("the end of the text after the outermost '}'");
            }
        }

        return root;
    }

    /// <param name="target">Gets the fields.</param>
    /// <param name="brace">Where its '{' stands; null for a text without outermost braces.</param>
    /// <param name="depth">Levels down to and including this object.</param>
    private bool TryParseFields(HoconObject target, int? brace, int depth)
    {
        while (true)
        {
            _reader.SkipBlank();
            if (_reader.IsAtEnd)
            {
                return brace is not { } open || _reader.Fail($"'}}' for the '{{' at {_reader.Place(open)}");
            }

            if (brace is not null && _reader.TryTake('}'))
            {
                return true;
            }

            if (!TryParseField(target, depth) || !TryParseSeparator("}", allowEnd: brace is null))
            {
                return false;
            }
        }
    }

    private bool TryParseField(HoconObject target, int depth)
    {
        var start = _reader.Offset;
        var origin = _reader.Origin;
        if (!TryParsePath("a key", out var path))
        {
            return false;
        }

        if (depth + path.Count > HoconLimits.Depth)
        {
            return FailTooDeep(start);
        }

        var key = _reader.Slice(start).ToString();
        _reader.SkipSpaceAndComment();
        if (_reader.TryTake('=') || _reader.TryTake(':'))
        {
            _reader.SkipBlank();
        }
        else if (_reader.Current != '{' || _reader.IsAtEnd)
        {
            return FailAtSeparator(key);
        }

        if (!TryParseValue(depth + path.Count, out var value))
        {
            return false;
        }

        for (var i = path.Count - 1; i > 0; i--)
        {
            var parent = new HoconObject(origin);
            parent.Set(path[i], value);
            value = parent;
        }

        target.Set(path[0], target.TryGetField(path[0], out var below) ? HoconLayers.Combine(below, value) : value);
        return true;
    }

    private bool FailAtSeparator(string key) => (key, _reader.Current) switch
    {
        (_, '+') => _reader.Fail($"'=', ':' or '{{' after the key {key}", " ('+=' is not supported yet: write the whole list)"),
        ("include", _) => _reader.Fail($"'=', ':' or '{{' after the key {key}", " (including files is not supported yet)"),
        _ => _reader.Fail($"'=', ':' or '{{' after the key {key}"),
    };

    /// <summary>After a field or item: a comma, a new line, or the closing character that stays for the caller.</summary>
    private bool TryParseSeparator(string closing, bool allowEnd)
    {
        _reader.SkipSpaceAndComment();
        if (_reader.IsAtEnd || _reader.IsAtNewLine || (closing.Contains(_reader.Current) && !allowEnd))
        {
            _reader.SkipBlank();
            _reader.TryTake(',');
            return true;
        }

        return _reader.TryTake(',') || _reader.Fail(
            allowEnd ? "',' or the end of the line after the value" : $"',', '{closing}' or the end of the line after the value",
            $" (a text with {(_reader.Current == '"' ? "that" : $"'{_reader.Current}'")} in it must stand in quotation marks)");
    }

    /// <summary>Segments with dots between, each quoted or not.</summary>
    private bool TryParsePath(string what, out List<string> path)
    {
        path = [];
        do
        {
            string? segment;
            if (!_reader.IsAtEnd && _reader.Current == '"')
            {
                if (!_reader.TryReadQuoted(out segment))
                {
                    return false;
                }
            }
            else
            {
                segment = _reader.ReadUnquoted(isKey: true);
                if (segment.Length == 0)
                {
                    return _reader.Fail(path.Count == 0 ? what : "the rest of the path after '.'");
                }
            }

            path.Add(segment);
            if (path.Count > HoconLimits.Depth)
            {
                return FailTooDeep(_reader.Offset);
            }
        }
        while (_reader.TryTake('.'));
        return true;
    }

    /// <summary>Values side by side up to the end of the line, a comma or a closing bracket.</summary>
    private bool TryParseValue(int depth, [NotNullWhen(true)] out HoconValue? value)
    {
        value = null;
        var origin = _reader.Origin;
        var parts = new List<HoconValue>();
        var isText = true;
        while (true)
        {
            var spaceOrigin = _reader.Origin;
            var spaceStart = _reader.Offset;
            var hasSpace = _reader.SkipSpaceAndComment();
            var space = hasSpace ? _reader.Slice(spaceStart) : [];
            if (_reader.IsAtEnd || _reader.IsAtNewLine || _reader.Current is ',' or '}' or ']')
            {
                break;
            }

            if (hasSpace && parts.Count > 0)
            {
                parts.Add(new HoconScalar(space.ToString(), isQuoted: false, spaceOrigin));
            }

            if (!TryParsePart(depth, out var part))
            {
                return false;
            }

            if (part is null)
            {
                break; // a reserved character, which the caller's check for a separator reports
            }

            isText &= part is HoconScalar;
            parts.Add(part);
        }

        if (parts.Count == 0)
        {
            return _reader.Fail("a value");
        }

        value = parts.Count == 1 ? parts[0] : isText ? Join(parts, origin) : new HoconConcatenation(parts, origin);
        return true;
    }

    private bool TryParsePart(int depth, out HoconValue? part)
    {
        part = null;
        var origin = _reader.Origin;
        switch (_reader.Current)
        {
            case '{':
                var start = _reader.Offset;
                _reader.Advance();
                var child = new HoconObject(origin);
                part = child;
                return depth < HoconLimits.Depth ? TryParseFields(child, start, depth + 1) : FailTooDeep(start);
            case '[':
                return TryParseArray(depth, out part);
            case '"':
                if (!_reader.TryReadQuoted(out var quoted))
                {
                    return false;
                }

                part = new HoconScalar(quoted, isQuoted: true, origin);
                return true;
            case '$':
                return TryParseSubstitution(out part);
            default:
                var text = _reader.ReadUnquoted(isKey: false);
                part = text.Length == 0 ? null : new HoconScalar(text, isQuoted: false, origin);
                return true;
        }
    }

    private bool TryParseArray(int depth, out HoconValue? part)
    {
        part = null;
        var origin = _reader.Origin;
        var start = _reader.Offset;
        if (depth >= HoconLimits.Depth)
        {
            return FailTooDeep(start);
        }

        _reader.Advance();
        var items = new List<HoconValue>();
        while (true)
        {
            _reader.SkipBlank();
            if (_reader.IsAtEnd)
            {
                return _reader.Fail($"']' for the '[' at {_reader.Place(start)}");
            }

            if (_reader.TryTake(']'))
            {
                part = new HoconArray(items, origin);
                return true;
            }

            if (!TryParseValue(depth + 1, out var item) || !TryParseSeparator("]", allowEnd: false))
            {
                return false;
            }

            items.Add(item);
        }
    }

    private bool TryParseSubstitution(out HoconValue? part)
    {
        part = null;
        var origin = _reader.Origin;
        _reader.Advance();
        if (!_reader.TryTake('{'))
        {
            return _reader.Fail("'{' after '$'", " (a text with '$' in it must stand in quotation marks)");
        }

        var isOptional = _reader.TryTake('?');
        _reader.SkipSpaceAndComment();
        if (!TryParsePath("the path of a substitution", out var path))
        {
            return false;
        }

        _reader.SkipSpaceAndComment();
        if (!_reader.TryTake('}'))
        {
            return _reader.Fail("'}' after the path of a substitution");
        }

        part = new HoconSubstitution(path, isOptional, origin);
        return true;
    }

    private static HoconScalar Join(List<HoconValue> parts, HoconOrigin origin)
    {
        var text = new StringBuilder();
        var isQuoted = false;
        foreach (var part in parts.Cast<HoconScalar>())
        {
            text.Append(part.Text);
            isQuoted |= part.IsQuoted;
        }

        return new HoconScalar(text.ToString(), isQuoted, origin);
    }

    private bool FailTooDeep(int offset) =>
        _reader.FailAt(offset, $"expected at most {HoconLimits.Depth} objects and lists within each other");
}

namespace MeshNode.Rtc.Sdp;

/// <summary>Cuts a description into <c>type=value</c> lines (RFC 8866 section 5); lines may end in LF alone.</summary>
internal ref struct SdpLineReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>Number of the line last read, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>False at the end, or with <paramref name="isMalformed"/> where a line is none.</summary>
    public bool TryRead(out char type, out ReadOnlySpan<char> value, out bool isMalformed)
    {
        type = default;
        value = default;
        isMalformed = false;
        if (_rest.IsEmpty)
        {
            return false;
        }

        Line++;
        var end = _rest.IndexOf('\n');
        var line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        if (line.EndsWith("\r"))
        {
            line = line[..^1];
        }

        // RFC 8866 section 9: byte-string excludes NUL, CR and LF.
        if (line.Length < 2 || line[1] != '=' || line.ContainsAny('\0', '\r'))
        {
            isMalformed = true;
            return false;
        }

        type = line[0];
        value = line[2..];
        return true;
    }
}

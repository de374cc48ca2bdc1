namespace MeshNode.Benchmarks.Stdio;

/// <summary>Lines of a stream, of bounded length.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>As much as a description may have.</summary>
    public const int MaxLength = 1 << 20;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start; // of what has not been returned
    private int _end;

    /// <summary>The next line without its end; what follows the last one counts as a line, too.</summary>
    /// <param name="line">Valid until the next call; empty when it was too long.</param>
    /// <param name="isTooLong">It was longer than <see cref="MaxLength"/> and has been passed over.</param>
    /// <returns>False at the stream's end.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        isTooLong = false;
        var searched = 0; // bytes after the start without an end of line
        while (true)
        {
            var unread = _buffer.AsSpan(_start, _end - _start);
            var length = unread[searched..].IndexOf((byte)'\n');
            if (length >= 0)
            {
                length += searched;
                line = isTooLong ? [] : unread[..length].TrimEnd((byte)'\r');
                _start += length + 1;
                return true;
            }

            searched = unread.Length;
            if (isTooLong || searched > MaxLength)
            {
                (isTooLong, searched, _start) = (true, 0, _end);
            }

            if (!TryFill())
            {
                line = _buffer.AsSpan(_start, searched);
                _start = _end;
                return isTooLong || searched > 0;
            }
        }
    }

    private bool TryFill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }
}

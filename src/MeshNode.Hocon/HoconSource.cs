namespace MeshNode.Hocon;

/// <summary>A text with a name, which turns offsets into lines and columns only when somebody asks.</summary>
internal sealed class HoconSource(string name, string text)
{
    private int[]? _lineStarts;

    public string Name => name;

    public string Text => text;

    public HoconPosition PositionOf(int offset)
    {
        _lineStarts ??= FindLineStarts(text);
        var index = Array.BinarySearch(_lineStarts, offset);
        var line = index >= 0 ? index : ~index - 1;
        return new HoconPosition(name, line + 1, offset - _lineStarts[line] + 1);
    }

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}

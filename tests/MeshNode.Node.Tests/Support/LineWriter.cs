using System.Text;

namespace MeshNode.Node.Tests.Support;

/// <summary>Collects lines, and completes a task when the one that is waited for has come.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Needle, TaskCompletionSource<string> Found)> _waiting = [];

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _text.Append(value);
            var text = _text.ToString();
            foreach (var (needle, found) in _waiting.Where(wait => FindLine(text, wait.Needle) is not null))
            {
                found.TrySetResult(FindLine(text, needle)!);
            }
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>The first whole line that contains the text, now or later.</summary>
    public Task<string> WaitForLineAsync(string needle)
    {
        lock (_gate)
        {
            if (FindLine(_text.ToString(), needle) is { } line)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((needle, found));
            return found.Task;
        }
    }

    private static string? FindLine(string text, string needle)
    {
        var whole = text.LastIndexOf('\n') is var end and >= 0 ? text[..end] : "";
        return whole.Split('\n').FirstOrDefault(line => line.Contains(needle, StringComparison.Ordinal));
    }
}

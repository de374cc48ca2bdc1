using System.Text;

namespace MeshNode.Node.Tests.Support;

/// <summary>Collects lines, and completes a task when the one that is waited for has come.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<(Func<string, bool> Matches, int After, TaskCompletionSource<string> Found)> _waiting = [];

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

    /// <summary>Where the text ends now, for those who want what comes later.</summary>
    public int Mark
    {
        get
        {
            lock (_gate)
            {
                return _text.Length;
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
            if (value?.Contains('\n', StringComparison.Ordinal) != true)
            {
                return; // nothing but a whole line is waited for
            }

            _waiting.RemoveAll(wait => FindLine(wait.Matches, wait.After) is { } line && wait.Found.TrySetResult(line));
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>The first whole line that contains the text, now or later.</summary>
    public Task<string> WaitForLineAsync(string needle) => WaitForLineAsync(line => line.Contains(needle, StringComparison.Ordinal), after: 0);

    /// <summary>The first whole line behind a <see cref="Mark"/> that matches, now or later.</summary>
    public Task<string> WaitForLineAsync(Func<string, bool> matches, int after)
    {
        lock (_gate)
        {
            if (FindLine(matches, after) is { } line)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((matches, after, found));
            return found.Task;
        }
    }

    private string? FindLine(Func<string, bool> matches, int after)
    {
        var text = _text.ToString(after, _text.Length - after);
        var whole = text.LastIndexOf('\n') is var end and >= 0 ? text[..end] : "";
        return whole.Split('\n').FirstOrDefault(matches);
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace MeshNode.Benchmarks.Stacks;

/// <summary>A peer's process: lines go in, and those that come out are kept until somebody waits for them.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly string _name;
    private readonly Lock _lock = new();
    private readonly Lock _inputLock = new();
    private readonly List<PeerLine> _lines = [];
    private readonly List<(Func<PeerLine, bool> IsWanted, TaskCompletionSource<PeerLine> Result)> _waiters = [];
    private string _lastWords = "";
    private bool _hasEnded;

    public PeerProcess(PeerStack stack, bool isClient)
    {
        _name = $"{stack.Name} {(isClient ? "offerer" : "answerer")}";
        var start = new ProcessStartInfo(stack.FileName, [.. stack.Arguments, .. isClient ? stack.ClientArguments : []])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in stack.Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Takes descriptions and candidates, on the thread that reads.</summary>
    public Action<PeerLine>? Signal { get; set; }

    /// <summary>Begins to read.</summary>
    public void Start() => new Thread(Read) { IsBackground = true, Name = $"lines of {_name}" }.Start();

    public void Send(string line)
    {
        try
        {
            lock (_inputLock)
            {
                _process.StandardInput.Write(line + "\n");
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // It has ended; whoever waits for an answer is told so.
        }
    }

    /// <summary>The next line that fits, which may have come already.</summary>
    /// <exception cref="PeerException">It said that something is wrong, or ended, or nothing came in time.</exception>
    public async Task<PeerLine> WaitAsync(string what, Func<PeerLine, bool> isWanted, TimeSpan limit, CancellationToken cancellation)
    {
        TaskCompletionSource<PeerLine> result;
        lock (_lock)
        {
            if (_lines.FindIndex(line => isWanted(line) || line.Error is not null) is >= 0 and var index)
            {
                var line = _lines[index];
                _lines.RemoveAt(index);
                return line.Error is { } error ? throw new PeerException($"{_name}: {error}") : line;
            }

            if (_hasEnded)
            {
                throw new PeerException($"{_name} has ended: {_lastWords}");
            }

            result = new TaskCompletionSource<PeerLine>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((isWanted, result));
        }

        try
        {
            return await result.Task.WaitAsync(limit, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new PeerException($"timed out: {_name} did not say {what} within {limit.TotalSeconds:0} s");
        }
        finally
        {
            lock (_lock)
            {
                _waiters.RemoveAll(waiter => waiter.Result == result);
            }
        }
    }

    /// <summary>Forgets what nobody waited for.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _lines.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Send("""{"quit":1}""");
        try
        {
            await _process.WaitForExitAsync().WaitAsync(QuitLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Read()
    {
        try
        {
            while (_process.StandardOutput.ReadLine() is { } text)
            {
                Take(text);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed while reading.
        }

        try
        {
            if (_process.WaitForExit(QuitLimit))
            {
                Note($"(code {_process.ExitCode})");
            }
        }
        catch (InvalidOperationException)
        {
            // Disposed.
        }

        lock (_lock)
        {
            _hasEnded = true;
            _waiters.ForEach(waiter => waiter.Result.TrySetException(new PeerException($"{_name} has ended: {_lastWords}")));
        }
    }

    private void Note(string? text)
    {
        var words = $"{_lastWords} {text}".Trim();
        _lastWords = words.Length > 500 ? words[^500..] : words;
    }

    private void Take(string text)
    {
        JsonElement json;
        try
        {
            using var document = JsonDocument.Parse(text);
            json = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            Note(text); // a library that talks
            return;
        }

        var line = new PeerLine(text, json);
        if (line.Sdp is not null || line.Candidate is not null)
        {
            Signal?.Invoke(line);
            return;
        }

        lock (_lock)
        {
            foreach (var (isWanted, result) in _waiters)
            {
                if (line.Error is { } error)
                {
                    result.TrySetException(new PeerException($"{_name}: {error}"));
                    return;
                }

                if (isWanted(line) && result.TrySetResult(line))
                {
                    return;
                }
            }

            _lines.Add(line);
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace MeshNode.PostgresServer;

/// <summary>A private, durable PostgreSQL server in a temporary folder; see the README.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string SuperUser = "postgres";

    /// <summary>Names the socket file only: there is no TCP listener.</summary>
    private const int Port = 5432;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly string[] _prefix;
    private readonly Process _watch;
    private readonly string[] _settings;
    private int _databases;

    private PostgresServer(string binaries, string folder, string[] prefix, Process watch, string[] settings)
    {
        _binaries = binaries;
        _folder = folder;
        _prefix = prefix;
        _watch = watch;
        _settings = settings;
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Of the maintenance database, for a superuser.</summary>
    public string ConnectionString => ConnectionStringFor("postgres");

    /// <summary>Of the postmaster, while the server runs.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">Server settings, <c>name=value</c>, beside the defaults; durability is left as it is by default, on.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start; with its log.</exception>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var binaries = PostgresBinaries.Find();
        string[] prefix = Environment.IsPrivilegedProcess ? UserPrefix() : [];
        var folder = await MakeFolderAsync(prefix).ConfigureAwait(false);
        // In a session of its own: what ends the test's process group, as timeout does, must leave somebody to clean up.
        var watch = Start("setsid", ["/bin/sh", Path.Combine(AppContext.BaseDirectory, "watch.sh"), folder]);
        var server = new PostgresServer(binaries, folder, prefix, watch, settings);
        try
        {
            await server.RunAsync("initdb", "-D", server.Data, "-U", SuperUser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions").ConfigureAwait(false);
            await server.StartAgainAsync().ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the server that was stopped or killed, on its data, and returns when it takes connections.</summary>
    public Task StartAgainAsync()
    {
        var options = new List<string> { $"-k {_folder}", $"-p {Port}", "-c listen_addresses=", "-c max_connections=60", "-c max_wal_size=2GB", "-c shared_buffers=256MB" };
        options.AddRange(_settings.Select(setting => $"-c {setting}"));
        return RunAsync("pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o", string.Join(' ', options));
    }

    /// <summary>Stops the server in order, without waiting for its clients to go.</summary>
    public Task StopAsync() => RunAsync("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", Data);

    /// <summary><c>kill -9</c> of the postmaster and of every process it started; returns when none is left.</summary>
    public async Task KillAsync()
    {
        var postmaster = ProcessId;
        var family = ChildrenOf(postmaster).Prepend(postmaster).Select(TryGetProcess).OfType<Process>().ToArray();
        foreach (var process in family)
        {
            try
            {
                process.Kill();
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
            {
                // It ended by itself between listing and killing.
            }
        }

        foreach (var process in family)
        {
            await WaitUntilGoneAsync(process).ConfigureAwait(false);
            process.Dispose();
        }

        // Where nobody asks how it ended the postmaster stays as a zombie, which the next one would take for a live server.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        File.Delete(Path.Combine(_folder, $".s.PGSQL.{Port}.lock"));
    }

    /// <summary>A new, empty database; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}").ConfigureAwait(false);
        return ConnectionStringFor(name);
    }

    /// <summary>Runs SQL as superuser in the maintenance database.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync().ConfigureAwait(false);
            var command = new NpgsqlCommand(sql, connection);
            await using (command.ConfigureAwait(false))
            {
                return await command.ExecuteScalarAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync().ConfigureAwait(false);
        _watch.Dispose();
    }

    private string ConnectionStringFor(string database) =>
        $"Host={_folder};Port={Port.ToString(CultureInfo.InvariantCulture)};Username={SuperUser};Database={database}";

    private static string[] UserPrefix()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToDictionary(fields => fields[0], fields => (User: fields[2], Group: fields[3]));
        var (user, group) = users.TryGetValue("postgres", out var postgres) ? postgres : users["nobody"];
        return ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"];
    }

    /// <summary>
    /// Where another user may look up the path too, and short enough for a socket's name (107 bytes): not the folder that
    /// a test run keeps to itself.
    /// </summary>
    private static async Task<string> MakeFolderAsync(string[] prefix)
    {
        var output = await RunAsync([.. prefix, "mktemp", "-d", "/tmp/meshnode-pg.XXXXXX"]).ConfigureAwait(false);
        return output.Trim();
    }

    private Task<string> RunAsync(string program, params string[] arguments) => RunAsync([.. _prefix, Path.Combine(_binaries, program), .. arguments], Path.Combine(_folder, "log"));

    private static async Task<string> RunAsync(string[] command, string? log = null)
    {
        using var process = Start(command[0], command[1..]);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode == 0)
        {
            return await output.ConfigureAwait(false);
        }

        var serverLog = log is not null && File.Exists(log) ? await File.ReadAllTextAsync(log).ConfigureAwait(false) : "";
        throw new InvalidOperationException(
            $"{string.Join(' ', command)} ended with {process.ExitCode}.\n{await output.ConfigureAwait(false)}{await error.ConfigureAwait(false)}{serverLog}");
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // tests/run.sh ends what carries this; the server is ended by its watcher, which also removes the folder.
        start.Environment.Remove("MESHNODE_TEST_RUN");
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ReadStat(id) is { } stat && stat[1] == parent.ToString(CultureInfo.InvariantCulture))
            {
                yield return id;
            }
        }
    }

    /// <summary>State, parent and what follows the name in <c>/proc/PID/stat</c>; null when the process is gone.</summary>
    private static string[]? ReadStat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Process? TryGetProcess(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A killed process whose parent has not asked yet is a zombie: it has let go of everything.</summary>
    private static async Task WaitUntilGoneAsync(Process process)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (ReadStat(process.Id) is { } stat && stat[0] != "Z")
        {
            await tick.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}

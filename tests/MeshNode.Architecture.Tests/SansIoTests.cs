using System.Net.Sockets;
using System.Security.Cryptography;

namespace MeshNode.Architecture.Tests;

/// <summary>MeshNode.Rtc is fed with (now, datagram) and asked for the rest: no socket, task, lock, clock or chance of its own.</summary>
public sealed class SansIoTests
{
    private static readonly string Rtc = Path.Combine(AppContext.BaseDirectory, "MeshNode.Rtc.dll");

    [Fact]
    public void Rtc_uses_no_socket_task_lock_clock_or_chance() => Offenders.None(ForbiddenUse.In(Rtc));

    [Fact]
    public void Rtc_imports_native_code_from_OpenSSL_only() =>
        Offenders.None(ForbiddenUse.NativeLibraries(Rtc).Where(name =>
            !name.Contains("libssl", StringComparison.Ordinal) && !name.Contains("libcrypto", StringComparison.Ordinal)));

    [Fact]
    public void The_search_finds_each_kind_of_forbidden_use()
    {
        Assert.NotNull((Action)Offender.Sleepless);
        var found = ForbiddenUse.In(typeof(SansIoTests).Assembly.Location);
        string[] kinds =
        [
            "System.DateTime.get_UtcNow", "System.Diagnostics.Stopwatch", "System.Environment.get_TickCount64", "System.IO.File",
            "System.Net.Sockets.Socket", "System.Random", "System.Security.Cryptography.RandomNumberGenerator",
            "System.Threading.Lock", "System.Threading.Monitor", "System.Threading.Tasks.Task", "System.TimeProvider",
        ];
        Offenders.None(kinds.Except(found));
        Assert.DoesNotContain("System.Net.Sockets.AddressFamily", found);
    }

    /// <summary>One of each, never run: shows that the search would find them in the core.</summary>
    private static class Offender
    {
        private static readonly Lock Gate = new();
        private static readonly object Old = new();

        public static void Sleepless()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            lock (Gate)
            {
                lock (Old)
                {
                    Assert.NotEqual(DateTime.UtcNow.Ticks + Environment.TickCount64, System.Diagnostics.Stopwatch.GetTimestamp());
                }
            }

            _ = Task.FromResult(new Random(1).Next() + RandomNumberGenerator.GetInt32(2) + TimeProvider.System.GetTimestamp());
        }
    }
}

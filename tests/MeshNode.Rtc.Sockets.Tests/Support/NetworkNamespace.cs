using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Tests.Support;

/// <summary>Runs a test's body on a thread in a network namespace of its own, where it may add addresses.</summary>
internal static partial class NetworkNamespace
{
    private const int CloneNewNetwork = 0x40000000;

    /// <returns>False when this process may not make one (it is not root); nothing was run.</returns>
    public static bool TryRun(Action body)
    {
        var isMade = false;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (!OperatingSystem.IsLinux() || unshare(CloneNewNetwork) != 0)
                {
                    return;
                }

                isMade = true;
                Configure("link set lo up");
                body();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return isMade;
    }

    /// <summary>Runs <c>ip</c> in the namespace of the calling thread, which a child process inherits.</summary>
    public static void Configure(string arguments) => Run(arguments);

    /// <summary>
    /// Waits until the kernel receives for these IPv6 addresses. Also without duplicate address detection it makes their
    /// local routes in the background; until then what is sent to them is lost without an error.
    /// </summary>
    public static void AwaitAddresses(params string[] addresses)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var routes = Run("-6 route show table local");
            if (addresses.All(address => routes.Contains($"local {address} dev", StringComparison.Ordinal)))
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limits.Wait, "no local route: " + routes);
        }
    }

    private static string Run(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ip {arguments}: {error}");
        return output;
    }

    [LibraryImport("libc")]
    private static partial int unshare(int flags);
}

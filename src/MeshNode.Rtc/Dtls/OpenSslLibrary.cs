using System.Reflection;
using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>Finds the operating system's OpenSSL 3, which .NET on Linux needs anyway.</summary>
internal static class OpenSslLibrary
{
    public const string Ssl = "meshnode-libssl";
    public const string Crypto = "meshnode-libcrypto";

    private static readonly string[] SslNames = Names("libssl");
    private static readonly string[] CryptoNames = Names("libcrypto");

    static OpenSslLibrary() => NativeLibrary.SetDllImportResolver(typeof(OpenSslLibrary).Assembly, Resolve);

    /// <summary>OpenSSL 3.2 and later pass a copy of their timer to the BIO, so that only their own clock can run it out.</summary>
    public static bool TimerIsShared { get; private set; }

    /// <exception cref="PlatformNotSupportedException">OpenSSL 3 is not installed, or is of another major version.</exception>
    public static void Require()
    {
        RequireLoaded(CryptoNames);
        RequireLoaded(SslNames);

        // 0xMNN00PP0L: major in the upper four bits, minor in the next eight.
        var version = (ulong)LibCrypto.OpenSSL_version_num().Value;
        if (version >> 28 != 3)
        {
            throw new PlatformNotSupportedException($"DTLS needs OpenSSL 3, but {CryptoNames[0]} says version 0x{version:x}.");
        }

        TimerIsShared = ((version >> 20) & 0xff) < 2;
    }

    /// <exception cref="PlatformNotSupportedException">None of the names can be loaded.</exception>
    internal static void RequireLoaded(string[] names)
    {
        if (Load(names) == 0)
        {
            throw new PlatformNotSupportedException(
                $"DTLS needs OpenSSL 3, and {string.Join(" or ", names)} could not be loaded. " +
                "Install it (Debian and Ubuntu: apt-get install libssl3; Alpine: apk add libssl3; Fedora: dnf install openssl-libs).");
        }
    }

    private static string[] Names(string library) =>
        OperatingSystem.IsWindows() ? [$"{library}-3-x64", $"{library}-3"]
        : OperatingSystem.IsMacOS() ? [$"{library}.3.dylib"]
        : [$"{library}.so.3"];

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name switch
    {
        Ssl => Load(SslNames),
        Crypto => Load(CryptoNames),
        _ => 0,
    };

    private static nint Load(string[] names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(OpenSslLibrary).Assembly, null, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}

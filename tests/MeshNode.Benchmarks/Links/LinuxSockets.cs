using System.Runtime.InteropServices;

namespace MeshNode.Benchmarks.Links;

/// <summary>What the emulator asks of Linux; .NET's own calls throw where nothing is there to be received.</summary>
internal static partial class LinuxSockets
{
    /// <summary>MSG_DONTWAIT.</summary>
    public const int DoNotWait = 0x40;

    /// <summary>POLLIN.</summary>
    public const short PollIn = 1;

    /// <summary>Of sockaddr_in.</summary>
    public const int AddressLength = 16;

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    public static unsafe partial nint ReceiveFrom(int socket, byte* buffer, nint length, int flags, byte* address, ref uint addressLength);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static unsafe partial nint SendTo(int socket, byte* buffer, nint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, nint signals);

    /// <param name="which">0 for a process, which for Linux is a thread.</param>
    /// <param name="who">0 for the one that calls.</param>
    /// <param name="priority">-20 to 19; below 0 only with the right to do so.</param>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint who, int priority);

    /// <param name="who">0 for the thread that calls.</param>
    /// <param name="policy">1 for SCHED_FIFO.</param>
    /// <param name="priority">sched_param: 1 to 99.</param>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static unsafe partial int SetScheduler(int who, int policy, int* priority);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Socket;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

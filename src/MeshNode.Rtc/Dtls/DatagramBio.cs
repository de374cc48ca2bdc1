using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// A BIO_METHOD that reads one datagram from the caller's span and writes datagrams straight into the caller's buffer,
/// or, where more than one leaves at once (handshake flights), into a small queue. Record boundaries are kept,
/// which OpenSSL's own memory BIOs do not do before 3.2.
/// </summary>
internal static unsafe class DatagramBio
{
    /// <summary>Bytes that a queue holds at most; what exceeds it is lost as on a network, and retransmitted.</summary>
    public const int MaxQueueBytes = 32 * 1024;

    private const int LengthPrefix = sizeof(int);
    private static readonly nint Method = CreateMethod();

    /// <summary>Gives <paramref name="ssl"/> one BIO for both directions, bound to the handle's state.</summary>
    public static void Attach(SslHandle ssl)
    {
        var bio = LibCrypto.BIO_new(Method);
        if (bio == 0)
        {
            throw new CryptographicException("OpenSSL could not create a BIO.");
        }

        LibCrypto.BIO_set_data(bio, ssl.State);
        LibSsl.SSL_set_bio(ssl, bio, bio);
    }

    /// <summary>Takes the oldest queued datagram. False when there is none, or when it exceeds the destination (it is dropped then).</summary>
    public static bool TryDequeue(DatagramBioState* state, Span<byte> destination, out int length)
    {
        length = 0;
        if (state->QueueStart == state->QueueEnd)
        {
            return false;
        }

        var size = Unsafe.ReadUnaligned<int>(state->Queue + state->QueueStart);
        var datagram = new ReadOnlySpan<byte>(state->Queue + state->QueueStart + LengthPrefix, size);
        var fits = datagram.TryCopyTo(destination);
        length = fits ? size : 0;
        state->QueueStart += LengthPrefix + size;
        if (state->QueueStart == state->QueueEnd)
        {
            ClearQueue(state);
        }

        return fits;
    }

    public static bool HasQueued(DatagramBioState* state) => state->QueueStart != state->QueueEnd;

    public static void ClearQueue(DatagramBioState* state) => state->QueueStart = state->QueueEnd = 0;

    public static void FreeQueue(DatagramBioState* state)
    {
        NativeMemory.Free(state->Queue);
        state->Queue = null;
        state->QueueCapacity = 0;
        ClearQueue(state);
    }

    private static nint CreateMethod()
    {
        var method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | LibCrypto.BioTypeSourceSink, "meshnode datagram");
        if (method == 0
            || LibCrypto.BIO_meth_set_write(method, &Write) != 1
            || LibCrypto.BIO_meth_set_read(method, &Read) != 1
            || LibCrypto.BIO_meth_set_ctrl(method, &Control) != 1)
        {
            throw new CryptographicException("OpenSSL could not create a BIO method.");
        }

        return method;
    }

    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* buffer, int length)
    {
        var state = (DatagramBioState*)LibCrypto.BIO_get_data(bio);
        LibCrypto.BIO_clear_flags(bio, LibCrypto.BioFlagsReadWriteIoSpecial | LibCrypto.BioFlagsShouldRetry);
        if (state->Input == null || length <= 0)
        {
            LibCrypto.BIO_set_flags(bio, LibCrypto.BioFlagsRead | LibCrypto.BioFlagsShouldRetry);
            return -1;
        }

        // As with a socket, what exceeds the buffer is cut off; the record's length then refuses it.
        var count = Math.Min(length, state->InputLength);
        NativeMemory.Copy(state->Input, buffer, (nuint)count);
        state->Input = null;
        return count;
    }

    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* buffer, int length)
    {
        var state = (DatagramBioState*)LibCrypto.BIO_get_data(bio);
        LibCrypto.BIO_clear_flags(bio, LibCrypto.BioFlagsReadWriteIoSpecial | LibCrypto.BioFlagsShouldRetry);
        if (length <= 0)
        {
            return 0;
        }

        if (state->Output != null && state->OutputLength == 0 && length <= state->OutputCapacity)
        {
            NativeMemory.Copy(buffer, state->Output, (nuint)length);
            state->OutputLength = length;
            return length;
        }

        if (EnsureQueueCapacity(state, length))
        {
            Unsafe.WriteUnaligned(state->Queue + state->QueueEnd, length);
            NativeMemory.Copy(buffer, state->Queue + state->QueueEnd + LengthPrefix, (nuint)length);
            state->QueueEnd += LengthPrefix + length;
        }

        return length;
    }

    [UnmanagedCallersOnly]
    private static CLong Control(nint bio, int command, CLong argument, void* pointer)
    {
        switch (command)
        {
            case LibCrypto.BioCtrlFlush:
                return new CLong(1);
            case LibCrypto.BioCtrlDgramSetNextTimeout:
                KeepTimer((DatagramBioState*)LibCrypto.BIO_get_data(bio), (TimeValue*)pointer);
                return new CLong(1);
            case LibCrypto.BioCtrlDgramGetMtuOverhead:
                return new CLong(0); // our MTU already counts DTLS records only
            default:
                return new CLong(0);
        }
    }

    private static void KeepTimer(DatagramBioState* state, TimeValue* timer)
    {
        state->TimerRuns = timer != null && !timer->IsZero;
        state->NextTimeout = OpenSslLibrary.TimerIsShared ? timer : null;
    }

    private static bool EnsureQueueCapacity(DatagramBioState* state, int length)
    {
        var needed = state->QueueEnd + LengthPrefix + length;
        if (needed <= state->QueueCapacity)
        {
            return true;
        }

        if (needed > MaxQueueBytes)
        {
            return false;
        }

        try
        {
            var capacity = Math.Min(MaxQueueBytes, Math.Max(needed, 2 * Math.Max(2048, state->QueueCapacity)));
            state->Queue = (byte*)NativeMemory.Realloc(state->Queue, (nuint)capacity);
            state->QueueCapacity = capacity;
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false; // a callback never throws; the datagram counts as lost
        }
    }
}

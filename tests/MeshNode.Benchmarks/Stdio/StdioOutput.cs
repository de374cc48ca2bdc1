using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MeshNode.Benchmarks.Stdio;

/// <summary>Writes lines, whole and at once; from any thread.</summary>
internal sealed class StdioOutput(Stream stream)
{
    /// <summary>Nothing here is put into HTML, and a plus sign of an ICE password stays readable.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private bool _isBroken;

    /// <summary>Microseconds of the machine's monotonic clock, which all processes on it share.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));

    /// <summary>Processor time of this process so far, seconds.</summary>
    public static double Cpu => Environment.CpuUsage.TotalTime.TotalSeconds;

    public void Error(long? id, string message) => Write(id, writer => writer.WriteString("error", message));

    public void Write(long? id, Action<Utf8JsonWriter> members)
    {
        lock (_lock)
        {
            _buffer.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(_buffer, Options))
            {
                writer.WriteStartObject();
                members(writer);
                if (id is { } number)
                {
                    writer.WriteNumber("id", number);
                }

                writer.WriteEndObject();
            }

            _buffer.Write("\n"u8);
            try
            {
                if (!_isBroken)
                {
                    stream.Write(_buffer.WrittenSpan);
                    stream.Flush();
                }
            }
            catch (IOException)
            {
                _isBroken = true; // nobody reads any more; the end of our input follows
            }
        }
    }
}

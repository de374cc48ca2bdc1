using System.Text.Json;

namespace MeshNode.Benchmarks.Stacks;

/// <summary>A line that a peer's process wrote.</summary>
internal sealed class PeerLine(string text, JsonElement json)
{
    public long Id { get; } = json.TryGetProperty("id", out var id) ? id.GetInt64() : 0;

    public string? Sdp => Text("sdp");

    public string? Candidate => Text("cand");

    public string? Error => Text("error");

    public string? Mode => Text("mode");

    public string? ChannelLabel => Text("channel");

    /// <summary>Seconds of processor time of the whole process so far.</summary>
    public double Cpu => Number("cpu");

    public double Seconds => Number("seconds");

    public double Bytes => Number("bytes");

    /// <summary>Microseconds of the machine's monotonic clock.</summary>
    public double At => Number("at");

    public double P50 => Number("p50us");

    public double P99 => Number("p99us");

    public double Worst => Number("worstus");

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public override string ToString() => text;

    private string? Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private double Number(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}

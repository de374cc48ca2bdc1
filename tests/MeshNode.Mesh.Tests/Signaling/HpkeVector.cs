using System.Text.Json;

namespace MeshNode.Mesh.Tests.Signaling;

/// <summary>One setup of RFC 9180, appendix A.3, all values in hexadecimal digits.</summary>
public sealed record HpkeVector(
    int Mode,
    string Info,
    string IkmE,
    string SkEm,
    string PkEm,
    string IkmR,
    string SkRm,
    string PkRm,
    string IkmS,
    string SkSm,
    string PkSm,
    string Psk,
    string PskId,
    string Enc,
    string SharedSecret,
    string Key,
    string BaseNonce,
    string ExporterSecret,
    IReadOnlyList<HpkeVector.Encryption> Encryptions,
    IReadOnlyList<HpkeVector.ExportedValue> Exports)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public sealed record Encryption(int Sequence, string Pt, string Aad, string Nonce, string Ct);

    public sealed record ExportedValue(string Context, int Length, string Value);

    public static IReadOnlyList<HpkeVector> Load() =>
        JsonSerializer.Deserialize<List<HpkeVector>>(File.ReadAllText(TestFiles.InTests("Signaling", "rfc9180-a3.json")), Options)!;
}

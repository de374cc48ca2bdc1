using MeshNode.Rtc.Dtls;

namespace MeshNode.Rtc.Tests.Dtls;

public sealed class DtlsFingerprintTests
{
    // RFC 8122 section 5's example is SHA-1; these digests are of the empty input, as FIPS 180-4 implementations give them.
    private const string Empty256 =
        "sha-256 E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55";

    [Fact]
    public void Text_form_is_what_rfc_8122_shows() =>
        Assert.Equal(Empty256, DtlsFingerprint.Compute(DtlsHashAlgorithm.Sha256, []).ToString());

    [Theory]
    [InlineData(DtlsHashAlgorithm.Sha256)]
    [InlineData(DtlsHashAlgorithm.Sha384)]
    [InlineData(DtlsHashAlgorithm.Sha512)]
    public void Text_form_parses_back_in_either_case(DtlsHashAlgorithm algorithm)
    {
        var fingerprint = DtlsFingerprint.Compute(algorithm, [1, 2, 3]);
        Assert.True(DtlsFingerprint.TryParse(fingerprint.ToString(), out var parsed));
        Assert.Equal(fingerprint, parsed);
        Assert.True(DtlsFingerprint.TryParse(fingerprint.ToString().ToLowerInvariant(), out parsed));
        Assert.Equal(fingerprint, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-256 ")]
    [InlineData("sha-256 E3:B0")]
    [InlineData("sha-1 E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4")]
    [InlineData("sha-256 E3-B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55")]
    [InlineData("sha-256 G3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55")]
    [InlineData(Empty256 + ":00")]
    [InlineData(Empty256 + " ")]
    public void Anything_else_is_refused(string text) => Assert.False(DtlsFingerprint.TryParse(text, out _));
}

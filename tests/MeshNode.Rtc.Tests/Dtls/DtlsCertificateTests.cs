using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshNode.Rtc.Dtls;

namespace MeshNode.Rtc.Tests.Dtls;

public sealed class DtlsCertificateTests
{
    [Fact]
    public void Certificate_is_a_p256_key_signed_by_itself_around_the_given_time()
    {
        using var certificate = DtlsCertificate.Create(DtlsPair.Epoch);
        using var parsed = X509CertificateLoader.LoadCertificate(certificate.Der);
        using var key = parsed.GetECDsaPublicKey();

        Assert.NotNull(key);
        Assert.Equal("1.2.840.10045.3.1.7", key.ExportParameters(false).Curve.Oid.Value);
        Assert.Equal(parsed.IssuerName.RawData, parsed.SubjectName.RawData);
        Assert.True(parsed.NotBefore.ToUniversalTime() < DtlsPair.Epoch.UtcDateTime);
        Assert.True(parsed.NotAfter.ToUniversalTime() > DtlsPair.Epoch.UtcDateTime.AddDays(300));
        Assert.Equal(SHA256.HashData(certificate.Der), certificate.Fingerprint.Digest.ToArray());
    }

    [Fact]
    public void Two_certificates_differ() => Assert.NotEqual(DtlsPair.ClientCertificate.Fingerprint, DtlsPair.ServerCertificate.Fingerprint);

    [Fact]
    public void Connections_outlive_the_disposal_of_their_certificate()
    {
        var certificate = DtlsCertificate.Create(DtlsPair.Epoch);
        using var transport = new DtlsTransport(certificate, DtlsRole.Client, [certificate.Fingerprint]);
        certificate.Dispose();
        transport.Start(default, TimeSpan.FromMilliseconds(50));
        Assert.True(transport.TryTransmit(default, new byte[2048], out var length));
        Assert.InRange(length, 60, DtlsTransport.HandshakeMtu);
    }

    [Fact]
    public void Missing_library_is_told_with_how_to_install_it()
    {
        var missing = Assert.Throws<PlatformNotSupportedException>(() => OpenSslLibrary.RequireLoaded(["libmeshnode-absent.so.3"]));
        Assert.Contains("libmeshnode-absent.so.3", missing.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libssl3", missing.Message, StringComparison.Ordinal);
    }
}

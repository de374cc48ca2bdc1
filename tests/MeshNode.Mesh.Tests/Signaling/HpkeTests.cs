using System.Security.Cryptography;
using System.Text;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class HpkeTests
{
    public static TheoryData<int> Modes => new([0, 1, 2, 3]);

    [Fact]
    public void Appendix_A3_has_every_mode_six_encryptions_and_three_exports()
    {
        var vectors = HpkeVector.Load();

        Assert.Equal([0, 1, 2, 3], vectors.Select(vector => vector.Mode));
        Assert.All(vectors, vector => Assert.Equal([0, 1, 2, 4, 255, 256], vector.Encryptions.Select(encryption => encryption.Sequence)));
        Assert.All(vectors, vector => Assert.Equal(3, vector.Exports.Count));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Key_pairs_derive_as_in_RFC_9180_A3(int mode)
    {
        var vector = HpkeVector.Load()[mode];
        AssertDerives(vector.IkmE, vector.SkEm, vector.PkEm);
        AssertDerives(vector.IkmR, vector.SkRm, vector.PkRm);
        if (vector.IkmS.Length > 0)
        {
            AssertDerives(vector.IkmS, vector.SkSm, vector.PkSm);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Encapsulation_and_decapsulation_agree_with_RFC_9180_A3(int mode)
    {
        var vector = HpkeVector.Load()[mode];

        Assert.Equal(vector.SharedSecret, Hex(Encapsulate(vector, out var enc)));
        Assert.Equal(vector.Enc, Hex(enc));
        Assert.Equal(vector.SharedSecret, Hex(Decapsulate(vector)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Key_schedule_agrees_with_RFC_9180_A3(int mode)
    {
        var vector = HpkeVector.Load()[mode];
        using var context = Schedule(vector, Encapsulate(vector, out _));

        Assert.Equal(vector.Key, Hex(context.Key));
        Assert.Equal(vector.BaseNonce, Hex(context.BaseNonce));
        Assert.Equal(vector.ExporterSecret, Hex(context.ExporterSecret));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Encryptions_and_exports_agree_with_RFC_9180_A3(int mode)
    {
        var vector = HpkeVector.Load()[mode];
        using var sender = Schedule(vector, Encapsulate(vector, out _));
        using var receiver = Schedule(vector, Decapsulate(vector));
        for (var sequence = 0; sequence <= 256; sequence++)
        {
            var expected = vector.Encryptions.SingleOrDefault(encryption => encryption.Sequence == sequence);
            var aad = Bytes(expected?.Aad ?? "00");
            var plaintext = Bytes(expected?.Pt ?? "00");
            var sealedBytes = sender.Seal(aad, plaintext);
            if (expected is not null)
            {
                Assert.Equal(expected.Ct, Hex(sealedBytes));
            }

            Assert.Equal(plaintext, receiver.Open(aad, sealedBytes));
        }

        foreach (var export in vector.Exports)
        {
            Assert.Equal(export.Value, Hex(sender.Export(Bytes(export.Context), export.Length)));
            Assert.Equal(export.Value, Hex(receiver.Export(Bytes(export.Context), export.Length)));
        }
    }

    [Fact]
    public void Nodes_seal_and_open_with_a_fresh_key_each_time()
    {
        using var receiver = TestIdentity.Create("receiver");
        var random = new SeededRandomSource(1);
        using var one = Hpke.SetupBaseSender(receiver.Bundle.KemKey, "info"u8, random, out var encOne);
        using var two = Hpke.SetupBaseSender(receiver.Bundle.KemKey, "info"u8, random, out var encTwo);
        using var opened = Hpke.SetupBaseReceiver(encOne, receiver, "info"u8);

        Assert.NotEqual(encOne, encTwo);
        Assert.NotEqual(one.Key, two.Key);
        Assert.Equal("text"u8.ToArray(), opened.Open("aad"u8, one.Seal("aad"u8, "text"u8)));
    }

    [Fact]
    public void Anything_altered_or_given_wrong_does_not_open()
    {
        using var receiver = TestIdentity.Create("receiver");
        using var other = TestIdentity.Create("other");
        using var sender = Hpke.SetupBaseSender(receiver.Bundle.KemKey, "info"u8, new SeededRandomSource(1), out var enc);
        var sealedBytes = sender.Seal("aad"u8, "text"u8);
        using var foreignSetup = Hpke.SetupBaseSender(receiver.Bundle.KemKey, "info"u8, new SeededRandomSource(2), out var foreignEnc);

        AssertDoesNotOpen(other, enc, "info", "aad", sealedBytes); // wrong private key
        AssertDoesNotOpen(receiver, foreignEnc, "info", "aad", sealedBytes); // another encapsulated key
        AssertDoesNotOpen(receiver, enc, "other", "aad", sealedBytes);
        AssertDoesNotOpen(receiver, enc, "info", "oad", sealedBytes);
        AssertDoesNotOpen(receiver, enc, "info", "", sealedBytes);
        for (var length = 0; length < sealedBytes.Length; length++)
        {
            AssertDoesNotOpen(receiver, enc, "info", "aad", sealedBytes[..length]);
        }

        for (var at = 0; at < sealedBytes.Length; at++)
        {
            var altered = sealedBytes.ToArray();
            altered[at] ^= 1;
            AssertDoesNotOpen(receiver, enc, "info", "aad", altered);
        }
    }

    [Fact]
    public void Message_that_does_not_open_does_not_count()
    {
        using var receiver = TestIdentity.Create("receiver");
        using var sender = Hpke.SetupBaseSender(receiver.Bundle.KemKey, "info"u8, new SeededRandomSource(1), out var enc);
        using var context = Hpke.SetupBaseReceiver(enc, receiver, "info"u8);
        var first = sender.Seal(default, "one"u8);
        var second = sender.Seal(default, "two"u8);

        Assert.ThrowsAny<CryptographicException>(() => context.Open(default, second)); // out of order: another nonce
        Assert.Equal("one"u8.ToArray(), context.Open(default, first));
        Assert.Equal("two"u8.ToArray(), context.Open(default, second));
        Assert.ThrowsAny<CryptographicException>(() => context.Open(default, second));
    }

    [Fact]
    public void Pre_shared_keys_must_fit_the_mode()
    {
        Assert.Throws<ArgumentException>(() => Hpke.KeySchedule(HpkeMode.Base, new byte[32], default, "psk"u8, "id"u8));
        Assert.Throws<ArgumentException>(() => Hpke.KeySchedule(HpkeMode.Psk, new byte[32], default, default, default));
        Assert.Throws<ArgumentException>(() => Hpke.KeySchedule(HpkeMode.Psk, new byte[32], default, "psk"u8, default));
        Assert.Throws<ArgumentException>(() => Hpke.KeySchedule(HpkeMode.Auth, new byte[32], default, default, "id"u8));
    }

    private static void AssertDoesNotOpen(NodeIdentity receiver, byte[] enc, string info, string aad, byte[] sealedBytes)
    {
        using var context = Hpke.SetupBaseReceiver(enc, receiver, Encoding.UTF8.GetBytes(info));
        Assert.ThrowsAny<CryptographicException>(() => context.Open(Encoding.UTF8.GetBytes(aad), sealedBytes));
    }

    private static void AssertDerives(string ikm, string privateKey, string publicKey)
    {
        using var pair = HpkeKem.DeriveKeyPair(Bytes(ikm));
        Assert.Equal(privateKey, Hex(pair.ExportParameters(includePrivateParameters: true).D!));
        Assert.Equal(publicKey, Hex(P256.ExportPoint(pair)));
    }

    private static byte[] Encapsulate(HpkeVector vector, out byte[] enc)
    {
        using var ephemeral = HpkeKem.DeriveKeyPair(Bytes(vector.IkmE));
        using var sender = vector.IkmS.Length > 0 ? HpkeKem.DeriveKeyPair(Bytes(vector.IkmS)) : null;
        return HpkeKem.Encapsulate(Bytes(vector.PkRm), ephemeral, sender, out enc);
    }

    private static byte[] Decapsulate(HpkeVector vector)
    {
        using var receiver = HpkeKem.DeriveKeyPair(Bytes(vector.IkmR));
        return HpkeKem.Decapsulate(Bytes(vector.Enc), point => HpkeKem.Agree(receiver, point), Bytes(vector.PkRm), Bytes(vector.PkSm));
    }

    private static HpkeContext Schedule(HpkeVector vector, byte[] sharedSecret) =>
        Hpke.KeySchedule((HpkeMode)vector.Mode, sharedSecret, Bytes(vector.Info), Bytes(vector.Psk), Bytes(vector.PskId));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}

using System.Security.Cryptography;
using System.Text;
using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Tests.Stun;

public sealed class StunVectorTests
{
    private static readonly byte[] ShortTermKey = Encoding.ASCII.GetBytes(StunVectors.ShortTermPassword);

    [Fact]
    public void Request_of_RFC_5769_is_read_and_authentic()
    {
        Assert.True(StunReader.TryParse(StunVectors.Request, out var message));

        Assert.Equal(StunMessageClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal(new StunTransactionId(0xb7e7a701, 0xbc34d686fa87dfae), message.TransactionId);
        Assert.True(message.HasFingerprint);
        Assert.Equal(StunIntegrityResult.Valid, message.VerifyIntegrity(ShortTermKey));
        Assert.Equal(StunIntegrityResult.Invalid, message.VerifyIntegrity("another password...."u8));
        Assert.True(message.TryReadUInt32(StunAttributeType.Priority, out var priority));
        Assert.Equal(0x6e0001ffu, priority);
        Assert.True(message.TryReadUInt64(StunAttributeType.IceControlled, out var tieBreaker));
        Assert.Equal(0x932ff9b151263b36u, tieBreaker);
        Assert.True(message.TryFind(StunAttributeType.Username, out var username));
        Assert.Equal("evtj:h6vY"u8, username.Value);
        Assert.True(message.TryFind(StunAttributeType.Software, out var software));
        Assert.Equal("STUN test client"u8, software.Value);
    }

    [Theory]
    [InlineData(4, "192.0.2.1:32853")]
    [InlineData(6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void Response_of_RFC_5769_gives_the_mapped_address(int family, string expected)
    {
        Assert.True(StunReader.TryParse(family == 4 ? StunVectors.IPv4Response : StunVectors.IPv6Response, out var message));

        Assert.Equal(StunMessageClass.SuccessResponse, message.Class);
        Assert.Equal(StunIntegrityResult.Valid, message.VerifyIntegrity(ShortTermKey));
        Assert.True(message.TryReadXorMappedAddress(out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Fact]
    public void Long_term_request_of_RFC_5769_is_authentic()
    {
        Assert.True(StunReader.TryParse(StunVectors.LongTermRequest, out var message));
        var secret = Encoding.UTF8.GetBytes($"{StunVectors.LongTermUsername}:{StunVectors.Realm}:{StunVectors.LongTermPassword}");
#pragma warning disable CA5351 // RFC 8489 §9.2.2 defines the key so.
        Assert.Equal(StunIntegrityResult.Valid, message.VerifyIntegrity(MD5.HashData(secret)));
#pragma warning restore CA5351
        Assert.False(message.HasFingerprint);
    }

    [Fact]
    public void Request_with_SHA256_integrity_of_RFC_8489_is_authentic()
    {
        Assert.True(StunReader.TryParse(StunVectors.Sha256Request, out var message));
        var secret = Encoding.UTF8.GetBytes($"{StunVectors.LongTermUsername}:{StunVectors.Realm}:{StunVectors.LongTermPassword}");

        Assert.Equal(StunIntegrityResult.Valid, message.VerifyIntegrity(SHA256.HashData(secret)));
    }

    [Fact]
    public void Writer_makes_the_responses_of_RFC_5769()
    {
        // The RFC pads SOFTWARE with a space, which the writer clears: so it is compared through a message without it.
        Span<byte> buffer = stackalloc byte[256];
        var id = new StunTransactionId(0xb7e7a701, 0xbc34d686fa87dfae);
        var writer = new StunWriter(buffer, StunMessageClass.SuccessResponse, StunMethod.Binding, id);
        writer.WriteBytes(StunAttributeType.Software, "test vector "u8); // 12 bytes: no padding to differ in
        buffer[23] = 11;
        Assert.True(TransportAddress.TryParse("192.0.2.1:32853", out var address));
        writer.WriteXorMappedAddress(address);
        writer.WriteMessageIntegrity(ShortTermKey);
        writer.WriteFingerprint();

        Assert.Equal(Convert.ToHexString(StunVectors.IPv4Response), Convert.ToHexString(buffer[..writer.Length]));
    }

    [Fact]
    public void Crc32_has_its_check_value() => Assert.Equal(0xCBF43926u, StunFingerprint.Crc32("123456789"u8));
}

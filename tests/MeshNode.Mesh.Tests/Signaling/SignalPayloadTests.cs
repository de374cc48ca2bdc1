using System.Text;
using MeshNode.Mesh.Signaling;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class SignalPayloadTests
{
    public static TheoryData<SignalPayload, string> Payloads => new()
    {
        { new SignalPayload.Offer("00112233aabbccdd", "v=0\r\n"), """{"connection":"00112233aabbccdd","sdp":"v=0\r\n"}""" },
        { new SignalPayload.Answer("00112233aabbccdd", "v=0\r\n"), """{"connection":"00112233aabbccdd","sdp":"v=0\r\n"}""" },
        { new SignalPayload.Candidate("00112233aabbccdd", "candidate:1", "0"), """{"connection":"00112233aabbccdd","candidate":"candidate:1","mid":"0"}""" },
        { new SignalPayload.Candidate("00112233aabbccdd", "", null), """{"connection":"00112233aabbccdd","candidate":""}""" },
        { new SignalPayload.Acknowledge("000102030405060708090a0b0c0d0e0f"), """{"messageId":"000102030405060708090a0b0c0d0e0f"}""" },
        { new SignalPayload.Bye("00112233aabbccdd", "shutdown"), """{"connection":"00112233aabbccdd","reason":"shutdown"}""" },
        { new SignalPayload.Message("hello"), """{"text":"hello"}""" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Payload_has_exactly_this_json_and_reads_it_back(SignalPayload payload, string json)
    {
        Assert.Equal(json, Encoding.UTF8.GetString(payload.ToJson()));
        Assert.True(SignalPayload.TryParse(payload.Type, payload.ToJson(), out var parsed));
        Assert.Equal(payload, parsed);
    }

    [Fact]
    public void Unsupported_carries_our_versions_and_suites()
    {
        var payload = new SignalPayload.Unsupported([1], [1]);

        Assert.Equal("""{"versions":[1],"suites":[1]}""", Encoding.UTF8.GetString(payload.ToJson()));
        Assert.True(SignalPayload.TryParse(EnvelopeType.Unsupported, payload.ToJson(), out var parsed));
        Assert.Equal([1], Assert.IsType<SignalPayload.Unsupported>(parsed).Versions);
    }

    [Fact]
    public void Member_that_a_newer_peer_added_is_skipped()
    {
        Assert.True(SignalPayload.TryParse(EnvelopeType.Message, """{"text":"hello","language":"en"}"""u8, out var parsed));
        Assert.Equal(new SignalPayload.Message("hello"), parsed);
    }

    [Theory]
    [InlineData(EnvelopeType.Offer, "")]
    [InlineData(EnvelopeType.Offer, "null")]
    [InlineData(EnvelopeType.Offer, "[]")]
    [InlineData(EnvelopeType.Offer, "{}")]
    [InlineData(EnvelopeType.Offer, """{"connection":"1"}""")]
    [InlineData(EnvelopeType.Offer, """{"connection":"1","sdp":null}""")]
    [InlineData(EnvelopeType.Offer, """{"connection":"1","sdp":5}""")]
    [InlineData(EnvelopeType.Offer, """{"connection":"1","sdp":"v=0""")]
    [InlineData((EnvelopeType)99, """{"text":"hello"}""")]
    public void Malformed_or_incomplete_json_is_refused(EnvelopeType type, string json)
    {
        Assert.False(SignalPayload.TryParse(type, Encoding.UTF8.GetBytes(json), out _));
    }

    [Fact]
    public void Invalid_utf8_is_refused()
    {
        Assert.False(SignalPayload.TryParse(EnvelopeType.Message, [.. """{"text":" """u8, 0xff, .. "\"}"u8], out _));
    }
}

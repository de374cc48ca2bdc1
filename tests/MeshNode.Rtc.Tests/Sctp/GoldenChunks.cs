namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>Chunks as bytes, written out by hand from the RFCs' diagrams.</summary>
internal static class GoldenChunks
{
    public static readonly byte[] Data = Convert.FromHexString("0003001500000001000200030000003348656C6C6F");
    public static readonly byte[] Init = Convert.FromHexString("01000020DEADBEEF00100000FFFF08000000002AC000000480080006" + "82C00000");
    public static readonly byte[] InitAck = Convert.FromHexString("0200001E0A0B0C0D000200000010002000000007" + "0007000A0102030405060000")[..30];
    public static readonly byte[] Sack = Convert.FromHexString("0300001C000000640001000000020001" + "00020003" + "00050005" + "0000005F");
    public static readonly byte[] Heartbeat = Convert.FromHexString("0400000C0001000801020304");
    public static readonly byte[] HeartbeatAck = Convert.FromHexString("0500000C0001000801020304");
    public static readonly byte[] Abort = Convert.FromHexString("0600000A000C00066869");
    public static readonly byte[] Shutdown = Convert.FromHexString("0700000800000064");
    public static readonly byte[] ShutdownAck = Convert.FromHexString("08000004");
    public static readonly byte[] Error = Convert.FromHexString("0900000C0003000800000000");
    public static readonly byte[] CookieEcho = Convert.FromHexString("0A000008CAFEBABE");
    public static readonly byte[] CookieAck = Convert.FromHexString("0B000004");
    public static readonly byte[] ShutdownComplete = Convert.FromHexString("0E010004");
    public static readonly byte[] ForwardTsn = Convert.FromHexString("C0000010000000C80001000A00020014");
    public static readonly byte[] IData = Convert.FromHexString("400300190000000100020000000000030000003348656C6C6F");
    public static readonly byte[] IDataMiddle = Convert.FromHexString("4004001900000002000200000000000300000001" + "48656C6C6F");
    public static readonly byte[] IForwardTsn = Convert.FromHexString("C2000018000000C8" + "000100000000000A" + "0002000100000014");
    public static readonly byte[] ReConfig = Convert.FromHexString("82000016000D001200000001000000020000000300050000")[..22];
    public static readonly byte[] ReConfigResponse = Convert.FromHexString("820000100010000C0000000100000001");

    public static IReadOnlyList<byte[]> All =>
    [
        Data, Init, InitAck, Sack, Heartbeat, HeartbeatAck, Abort, Shutdown, ShutdownAck, Error, CookieEcho, CookieAck,
        ShutdownComplete, ForwardTsn, IData, IDataMiddle, IForwardTsn, ReConfig, ReConfigResponse,
    ];
}

using System.Buffers.Binary;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Dtls;

/// <summary>When flights are sent again, which follows the round trip that ICE has measured, and what a ClientHello may look like.</summary>
public sealed class DtlsScheduleTests
{
    /// <summary>Record and handshake headers (RFC 6347 sections 4.1 and 4.2.2).</summary>
    private const int RecordHeader = 13;
    private const int HandshakeHeader = 12;

    [Theory]
    [InlineData(0.5)]
    [InlineData(50)]
    [InlineData(250)]
    public void No_flight_is_sent_twice_over_a_path_without_loss(double delay)
    {
        using var pair = new PeerConnectionPair(1, Options(delay));
        pair.Connect();
        Assert.True(pair.RunUntilConnected(), pair.ToString());

        // What is sent does not depend on the delay: a timer that did not suit it would add to it.
        using var usual = new PeerConnectionPair(1, Options(10));
        usual.Connect();
        Assert.True(usual.RunUntilConnected(), usual.ToString());
        Assert.Equal(usual.Left.GetStatistics().DatagramsSent, pair.Left.GetStatistics().DatagramsSent);
        Assert.Equal(usual.Right.GetStatistics().DatagramsSent, pair.Right.GetStatistics().DatagramsSent);
        Assert.InRange(SetupOf(pair), 3 * delay, 9 * delay);
    }

    [Theory]
    [InlineData(0.5, 120)]
    [InlineData(250, 5_000)]
    public void A_lost_flight_costs_little_more_than_the_path_asks_for(double delay, double limit)
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            using var pair = new PeerConnectionPair(seed, Options(delay));
            pair.Connect();
            // From the end of ICE on one datagram is lost, a different one in each run.
            Assert.True(pair.Run(() => pair.Left.SelectedPath is not null || pair.Right.SelectedPath is not null), pair.ToString());
            var link = seed % 2 == 0 ? pair.ToLeft : pair.ToRight;
            pair.Run(() => link.Count > (int)(seed % 3));
            link.Options = link.Options with { Loss = 1 };
            pair.Run(() => link.Lost > 0, TimeSpan.FromMilliseconds(4 * delay));
            link.Options = link.Options with { Loss = 0 };

            Assert.True(pair.RunUntilConnected(), pair.ToString());
            Assert.True(SetupOf(pair) < limit + (10 * delay), $"seed {seed}: {SetupOf(pair)} ms");
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(60, false)]
    [InlineData(60, true)]
    public void A_client_hello_in_fragments_is_accepted_in_any_order(int size, bool isReversed)
    {
        using var pair = new DtlsPair();
        var records = 1;
        pair.Filter = (toServer, number, datagram) =>
        {
            if (!toServer || number > 0)
            {
                Renumber(datagram, toServer ? records - 1 : 0);
                return true;
            }

            var fragments = Fragment(datagram, size).ToList();
            records = fragments.Count;
            if (isReversed)
            {
                fragments.Reverse();
            }

            fragments.ForEach(fragment => pair.Inject(toServer: true, fragment));
            return false;
        };
        pair.Start();
        pair.Run(until: pair.IsConnected);

        Assert.True(pair.IsConnected(), pair.Server.FailureReason);
        Assert.Equal(40, pair.Now.TotalMilliseconds); // no HelloVerifyRequest, and no retransmission
    }

    private static PeerConnectionPairOptions Options(double delay) => new()
    {
        RealDtls = true,
        Link = new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(delay) },
    };

    private static double SetupOf(PeerConnectionPair pair) => Math.Max(
        pair.Left.GetStatistics().SetupTime!.Value.TotalMilliseconds,
        pair.Right.GetStatistics().SetupTime!.Value.TotalMilliseconds);

    /// <summary>Cuts the handshake message of a datagram into records of fragments (RFC 6347 section 4.2.3).</summary>
    private static IEnumerable<byte[]> Fragment(byte[] datagram, int size)
    {
        var body = datagram.AsSpan(RecordHeader + HandshakeHeader).ToArray();
        for (var (offset, number) = (0, 0); offset < body.Length; offset += size, number++)
        {
            var length = Math.Min(size, body.Length - offset);
            byte[] fragment =
            [
                .. datagram.AsSpan(0, RecordHeader), .. datagram.AsSpan(RecordHeader, HandshakeHeader), .. body.AsSpan(offset, length),
            ];
            fragment[9] = (byte)(number >> 8); // the record's sequence number, from 0 as the whole one's was
            fragment[10] = (byte)number;
            fragment[11] = (byte)((HandshakeHeader + length) >> 8);
            fragment[12] = (byte)(HandshakeHeader + length);
            Write24(fragment, RecordHeader + 6, offset);
            Write24(fragment, RecordHeader + 9, length);
            yield return fragment;
        }
    }

    /// <summary>Records after the fragments have later numbers, or the server would take them for replayed ones.</summary>
    private static void Renumber(byte[] datagram, int by)
    {
        for (var at = 0; at < datagram.Length; at += RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(at + 11)))
        {
            var number = datagram.AsSpan(at + 7); // the lower half of the sequence number; epoch 0 is not authenticated
            if (datagram[at + 4] == 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(number, BinaryPrimitives.ReadInt32BigEndian(number) + by);
            }
        }
    }

    private static void Write24(byte[] buffer, int at, int value)
    {
        buffer[at] = (byte)(value >> 16);
        buffer[at + 1] = (byte)(value >> 8);
        buffer[at + 2] = (byte)value;
    }
}

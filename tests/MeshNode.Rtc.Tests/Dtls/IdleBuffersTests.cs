using MeshNode.Rtc.Dtls;

namespace MeshNode.Rtc.Tests.Dtls;

/// <summary>An idle connection gives OpenSSL's record buffers back, and takes them again whatever comes next.</summary>
public sealed class IdleBuffersTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    [Fact]
    public void Idle_connection_has_nothing_more_to_do()
    {
        using var pair = Idling();

        Assert.Null(pair.Client.NextTimeout);
        Assert.Null(pair.Server.NextTimeout);
        Assert.InRange(pair.Now.TotalMilliseconds, 200, 500);
    }

    [Fact]
    public void Data_passes_both_ways_after_each_idle_time()
    {
        using var pair = Idling();
        var data = new byte[1163];
        for (var i = 1; i <= 200; i++)
        {
            // Who is written to first, and who answers: both orders, and both at once.
            pair.Send(i % 2 == 0 ? pair.Client : pair.Server, data);
            pair.Run(Idle);
            if (i % 3 == 0)
            {
                pair.Send(pair.Client, data);
                pair.Send(pair.Server, data);
                pair.Run(Idle);
            }

            Assert.Null(pair.Client.NextTimeout); // given back again
            Assert.Null(pair.Server.NextTimeout);
        }

        Assert.Equal(100 + 66, pair.ServerReceived.Count);
        Assert.Equal(100 + 66, pair.ClientReceived.Count);
    }

    [Fact]
    public void Repeated_handshake_datagrams_are_survived_without_buffers()
    {
        var handshake = new List<(bool ToServer, byte[] Datagram)>();
        using var pair = new DtlsPair();
        pair.Filter = (toServer, _, datagram) =>
        {
            handshake.Add((toServer, datagram));
            return true;
        };
        pair.Start();
        pair.Run();
        pair.Filter = (_, _, _) => true;
        foreach (var (toServer, datagram) in handshake.ToArray())
        {
            pair.Inject(toServer, datagram); // the server repeats its last flight for a client that has not got it
            pair.Run(Idle);
            Assert.Null(pair.Client.NextTimeout);
        }

        AssertWorks(pair);
    }

    [Fact]
    public void Garbage_and_parts_of_records_leave_it_working()
    {
        using var pair = Idling();
        var random = new SeededRandomSource(3);
        var buffer = new byte[4096];
        for (var i = 0; i < 200; i++)
        {
            Assert.True(pair.Client.TrySeal(new byte[100], buffer, out var length));
            pair.Inject(toServer: true, buffer.AsSpan(0, random.NextInt32(length))); // never a whole one
            pair.Run(Idle);
            Assert.Null(pair.Server.NextTimeout);
        }

        AssertWorks(pair);
    }

    [Fact]
    public void Close_notify_is_said_and_heard_without_buffers()
    {
        using var pair = Idling();
        pair.Client.Close();
        pair.Drain();
        pair.Run();

        Assert.Equal(DtlsState.Closed, pair.Client.State);
        Assert.Equal(DtlsState.Closed, pair.Server.State);
    }

    private static DtlsPair Idling()
    {
        var pair = new DtlsPair();
        pair.Start();
        pair.Run();
        Assert.True(pair.IsConnected());
        return pair;
    }

    private static void AssertWorks(DtlsPair pair)
    {
        pair.Send(pair.Client, [1]);
        pair.Send(pair.Server, [2]);
        pair.Run();
        Assert.Equal([[1]], pair.ServerReceived);
        Assert.Equal([[2]], pair.ClientReceived);
    }
}

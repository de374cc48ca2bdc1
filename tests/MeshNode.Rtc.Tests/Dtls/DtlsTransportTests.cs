using MeshNode.Rtc.Dtls;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Dtls;

public sealed class DtlsTransportTests
{
    [Fact]
    public void Handshake_completes_in_two_round_trips_with_an_aead_suite_and_extended_master_secret()
    {
        using var pair = new DtlsPair();
        pair.Start();
        pair.Run(until: pair.IsConnected);

        Assert.Equal(DtlsState.Connected, pair.Client.State);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
        Assert.Equal(40, pair.Now.TotalMilliseconds); // four flights of 10 ms: no cookie exchange
        Assert.Equal("ECDHE-ECDSA-AES128-GCM-SHA256", pair.Client.CipherName);
        Assert.True(pair.Client.HasExtendedMasterSecret);
        Assert.True(pair.Server.HasExtendedMasterSecret);
    }

    [Fact]
    public void Application_data_arrives_record_by_record_in_both_directions()
    {
        using var pair = Connected();
        byte[] first = [1, 2, 3];
        var second = new byte[1163];
        second.AsSpan().Fill(7);
        pair.Send(pair.Client, first);
        pair.Send(pair.Client, second);
        pair.Send(pair.Server, second);
        pair.Run();

        Assert.Equal([first, second], pair.ServerReceived);
        Assert.Equal([second], pair.ClientReceived);
    }

    [Fact]
    public void Two_records_in_one_datagram_are_both_read()
    {
        using var pair = Connected();
        var buffer = new byte[4096];
        Assert.True(pair.Client.TrySeal([1], buffer, out var first));
        Assert.True(pair.Client.TrySeal([2, 2], buffer.AsSpan(first), out var second));
        pair.Inject(toServer: true, buffer.AsSpan(0, first + second));
        pair.Run();

        Assert.Equal([[1], [2, 2]], pair.ServerReceived);
    }

    [Fact]
    public void Sealed_record_costs_no_more_than_the_stated_overhead()
    {
        using var pair = Connected();
        var buffer = new byte[DtlsTransport.MaxRecordLength + DtlsTransport.RecordOverhead];
        Assert.True(pair.Client.TrySeal(new byte[DtlsTransport.MaxRecordLength], buffer, out var length));
        Assert.Equal(buffer.Length, length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Handshake_survives_the_loss_of_each_single_datagram(bool fromClient)
    {
        for (var lost = 0; lost < 6; lost++)
        {
            var victim = lost;
            using var pair = new DtlsPair();
            pair.Filter = (toServer, number, _) => toServer != fromClient || number != victim;
            pair.Start();
            pair.Run(until: pair.IsConnected);

            Assert.True(pair.Client.State == DtlsState.Connected, $"client is {pair.Client.State} after losing datagram {lost}");
            Assert.True(pair.Server.State == DtlsState.Connected, $"server is {pair.Server.State} after losing datagram {lost}");
            Assert.True(pair.Now.TotalMilliseconds < 250, $"losing datagram {lost} cost {pair.Now}");
        }
    }

    [Fact]
    public void Handshake_survives_the_loss_of_every_first_flight_of_both_sides()
    {
        using var pair = new DtlsPair();
        var seen = new HashSet<(bool, int)>();
        // Handshake type and message number name a message: its first copy is lost, whoever sends it.
        pair.Filter = (toServer, _, datagram) => datagram[0] != 22 || !seen.Add((toServer, datagram[13] << 8 | datagram[18]));
        pair.Start();
        pair.Run();

        Assert.Equal(DtlsState.Connected, pair.Client.State);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
    }

    [Fact]
    public void Handshakes_with_random_loss_complete_and_carry_data()
    {
        var runs = TestScale.Count("DTLS handshakes with 20 % loss, reordering and duplicates", 2_000, 200);
        for (var seed = 1; seed <= runs; seed++)
        {
            var random = new SeededRandomSource((ulong)seed);
            using var pair = new DtlsPair();
            pair.Filter = (toServer, _, datagram) =>
            {
                if (random.NextInt32(10) == 0)
                {
                    pair.Inject(toServer, datagram);
                }

                return random.NextInt32(5) != 0;
            };
            pair.Start();
            pair.Run(until: () => pair.Client.State == DtlsState.Connected && pair.Server.State == DtlsState.Connected);
            Assert.True(pair.Client.State == DtlsState.Connected && pair.Server.State == DtlsState.Connected,
                $"seed {seed}: client {pair.Client.State} {pair.Client.FailureReason}, server {pair.Server.State} {pair.Server.FailureReason} at {pair.Now}");

            pair.Filter = (_, _, _) => true;
            pair.Send(pair.Server, [9]);
            pair.Run();
            Assert.Equal([[9]], pair.ClientReceived);
        }
    }

    [Fact]
    public void Unanswered_client_retransmits_with_doubling_timeouts_and_then_fails()
    {
        using var pair = new DtlsPair();
        var sentAt = new List<double>();
        pair.Filter = (_, _, _) =>
        {
            sentAt.Add(pair.Now.TotalMilliseconds);
            return false;
        };
        pair.Start();
        pair.Run();

        Assert.Equal([0, 50, 150, 350, 750, 1550, 3150, 6150, 9150, 12150, 15150, 18150, 21150], sentAt);
        Assert.Equal(DtlsState.Failed, pair.Client.State);
        Assert.Equal("the handshake was not answered", pair.Client.FailureReason);
        Assert.Equal(24_150, pair.Now.TotalMilliseconds); // within the connection timeout of 30 s
    }

    [Fact]
    public void Server_certificate_that_matches_no_fingerprint_ends_the_handshake_on_both_sides()
    {
        using var pair = new DtlsPair(clientExpects: DtlsPair.ClientCertificate.Fingerprint);
        pair.Start();
        pair.Run();

        Assert.Equal(DtlsState.Failed, pair.Client.State);
        Assert.True(pair.Client.IsPeerMismatched);
        Assert.Equal(DtlsState.Failed, pair.Server.State);
        Assert.Contains("bad certificate", pair.Server.FailureReason, StringComparison.Ordinal);
        Assert.False(pair.Server.IsPeerMismatched);
    }

    [Fact]
    public void Client_certificate_that_matches_no_fingerprint_ends_the_handshake_before_data_passes()
    {
        using var pair = new DtlsPair(serverExpects: DtlsPair.ServerCertificate.Fingerprint);
        pair.Start();
        pair.Run();

        Assert.Equal(DtlsState.Failed, pair.Server.State);
        Assert.True(pair.Server.IsPeerMismatched);
        Assert.Equal(DtlsState.Failed, pair.Client.State);
        Assert.False(pair.Client.TrySeal([1], new byte[100], out _));
    }

    [Theory]
    [InlineData(DtlsHashAlgorithm.Sha384)]
    [InlineData(DtlsHashAlgorithm.Sha512)]
    public void Other_hash_functions_are_compared_as_well(DtlsHashAlgorithm algorithm)
    {
        using var matching = new DtlsPair(clientExpects: DtlsPair.ServerCertificate.GetFingerprint(algorithm));
        matching.Start();
        matching.Run();
        Assert.Equal(DtlsState.Connected, matching.Client.State);

        using var wrong = new DtlsPair(clientExpects: DtlsPair.ClientCertificate.GetFingerprint(algorithm));
        wrong.Start();
        wrong.Run();
        Assert.True(wrong.Client.IsPeerMismatched);
    }

    [Fact]
    public void Strongest_hash_decides_when_several_are_given()
    {
        var right = DtlsPair.ServerCertificate;
        var wrong = DtlsPair.ClientCertificate;
        using var client = new DtlsTransport(wrong, DtlsRole.Client, [right.Fingerprint, wrong.GetFingerprint(DtlsHashAlgorithm.Sha512)]);
        using var server = new DtlsTransport(right, DtlsRole.Server, [wrong.Fingerprint]);
        Exchange(client, server);
        Assert.True(client.IsPeerMismatched);

        using var second = new DtlsTransport(wrong, DtlsRole.Client, [wrong.Fingerprint, right.GetFingerprint(DtlsHashAlgorithm.Sha512)]);
        using var secondServer = new DtlsTransport(right, DtlsRole.Server, [wrong.Fingerprint]);
        Exchange(second, secondServer);
        Assert.Equal(DtlsState.Connected, second.State);
    }

    [Fact]
    public void Two_clients_fail_instead_of_hanging_or_passing_data()
    {
        using var pair = new DtlsPair(serverRole: DtlsRole.Client);
        pair.Start();
        pair.Run();

        Assert.NotEqual(DtlsState.Connected, pair.Client.State);
        Assert.NotEqual(DtlsState.Connected, pair.Server.State);
        Assert.Equal(DtlsState.Failed, pair.Client.State);
    }

    [Fact]
    public void Close_notify_closes_the_far_side_without_failure()
    {
        using var pair = Connected();
        pair.Client.Close();
        pair.Drain();
        pair.Run();

        Assert.Equal(DtlsState.Closed, pair.Client.State);
        Assert.Equal(DtlsState.Closed, pair.Server.State);
        Assert.Null(pair.Server.FailureReason);
        Assert.False(pair.Server.TrySeal([1], new byte[100], out _));
    }

    [Fact]
    public void Garbage_after_the_handshake_is_dropped()
    {
        using var pair = Connected();
        pair.Inject(true, [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        pair.Inject(true, [23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 99, 0, 40, .. new byte[40]]);
        pair.Inject(true, [21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40]); // an unprotected fatal alert
        pair.Inject(true, new byte[2000]);
        pair.Send(pair.Client, [1]);
        pair.Run();

        Assert.Equal(DtlsState.Connected, pair.Server.State);
        Assert.Equal([[1]], pair.ServerReceived);
    }

    [Fact]
    public void Replayed_records_are_delivered_once()
    {
        using var pair = Connected();
        var buffer = new byte[100];
        Assert.True(pair.Client.TrySeal([5], buffer, out var length));
        pair.Inject(true, buffer.AsSpan(0, length));
        pair.Inject(true, buffer.AsSpan(0, length));
        pair.Run();

        Assert.Equal([[5]], pair.ServerReceived);
    }

    [Fact]
    public void Mutated_handshakes_end_in_a_state_and_never_throw()
    {
        var corpus = new List<byte[]>();
        using (var recorded = new DtlsPair())
        {
            recorded.Filter = (_, _, datagram) =>
            {
                corpus.Add(datagram);
                return true;
            };
            recorded.Start();
            recorded.Run();
        }

        var mutator = new Mutator(20261, corpus);
        var datagrams = TestScale.Count("mutated DTLS datagrams", 1_000_000, 50_000);
        var plaintext = new byte[16 * 1024];
        var output = new byte[4096];
        for (var given = 0; given < datagrams;)
        {
            using var victim = new DtlsTransport(
                DtlsPair.ServerCertificate, given % 2 == 0 ? DtlsRole.Server : DtlsRole.Client, [DtlsPair.ClientCertificate.Fingerprint]);
            victim.Start(default, TimeSpan.FromMilliseconds(50));
            for (var i = 0; i < 100 && victim.State == DtlsState.Connecting; i++, given++)
            {
                Assert.False(victim.HandleDatagram(default, mutator.Next(), plaintext, out _));
                while (victim.TryTransmit(default, output, out _))
                {
                }
            }

            Assert.NotEqual(DtlsState.Connected, victim.State);
        }
    }

    private static DtlsPair Connected()
    {
        var pair = new DtlsPair();
        pair.Start();
        pair.Run();
        Assert.Equal(DtlsState.Connected, pair.Server.State);
        return pair;
    }

    private static void Exchange(DtlsTransport client, DtlsTransport server)
    {
        var buffer = new byte[4096];
        client.Start(default, TimeSpan.FromMilliseconds(50));
        server.Start(default, TimeSpan.FromMilliseconds(50));
        for (var progress = true; progress;)
        {
            progress = false;
            while (client.TryTransmit(default, buffer, out var length))
            {
                progress = true;
                server.HandleDatagram(default, buffer.AsSpan(0, length), new byte[4096], out _);
            }

            while (server.TryTransmit(default, buffer, out var length))
            {
                progress = true;
                client.HandleDatagram(default, buffer.AsSpan(0, length), new byte[4096], out _);
            }
        }
    }
}

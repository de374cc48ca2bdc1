using MeshNode.Rtc.Dtls;

namespace MeshNode.Rtc.Tests.Dtls;

/// <summary>A DTLS client and server in virtual time, 10 ms apart, with a filter that decides which datagrams arrive.</summary>
internal sealed class DtlsPair : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan InitialTimeout = TimeSpan.FromMilliseconds(50);

    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DtlsCertificate ClientCertificate = DtlsCertificate.Create(Epoch);
    public static readonly DtlsCertificate ServerCertificate = DtlsCertificate.Create(Epoch);

    private readonly List<(MonotonicTime Due, bool ToServer, byte[] Datagram)> _wire = [];
    private readonly byte[] _buffer = new byte[4096];

    public DtlsPair(
        DtlsFingerprint? clientExpects = null,
        DtlsFingerprint? serverExpects = null,
        DtlsRole clientRole = DtlsRole.Client,
        DtlsRole serverRole = DtlsRole.Server)
    {
        Client = new DtlsTransport(ClientCertificate, clientRole, [clientExpects ?? ServerCertificate.Fingerprint]);
        Server = new DtlsTransport(ServerCertificate, serverRole, [serverExpects ?? ClientCertificate.Fingerprint]);
    }

    public DtlsTransport Client { get; }

    public DtlsTransport Server { get; }

    public MonotonicTime Now { get; private set; }

    /// <summary>Sees every datagram with its number on its side (from 0); false loses it.</summary>
    public Func<bool, int, byte[], bool> Filter { get; set; } = (_, _, _) => true;

    public int ClientSent { get; private set; }

    public int ServerSent { get; private set; }

    public List<byte[]> ClientReceived { get; } = [];

    public List<byte[]> ServerReceived { get; } = [];

    public bool IsConnected() => Client.State == DtlsState.Connected && Server.State == DtlsState.Connected;

    public void Start()
    {
        Client.Start(Now, InitialTimeout);
        Server.Start(Now, InitialTimeout);
        Drain();
    }

    /// <summary>Steps from deadline to deadline until nothing is due, at most <paramref name="limit"/> of virtual time.</summary>
    public void Run(TimeSpan? limit = null, Func<bool>? until = null)
    {
        var end = Now + (limit ?? TimeSpan.FromSeconds(60));
        while (until?.Invoke() != true)
        {
            var next = MonotonicTime.Earliest(Client.NextTimeout, Server.NextTimeout);
            foreach (var (due, _, _) in _wire)
            {
                next = MonotonicTime.Earliest(next, due);
            }

            if (next is not { } time || time > end)
            {
                return;
            }

            Now = time > Now ? time : Now;
            DeliverDue();
            Client.HandleTimeout(Now);
            Server.HandleTimeout(Now);
            Drain();
        }
    }

    public void Send(DtlsTransport from, byte[] plaintext)
    {
        Assert.True(from.TrySeal(plaintext, _buffer, out var length));
        Put(from == Client, _buffer.AsSpan(0, length));
    }

    public void Inject(bool toServer, ReadOnlySpan<byte> datagram) => _wire.Add((Now + Delay, toServer, datagram.ToArray()));

    public void Drain()
    {
        while (Client.TryTransmit(Now, _buffer, out var length))
        {
            Put(true, _buffer.AsSpan(0, length));
        }

        while (Server.TryTransmit(Now, _buffer, out var length))
        {
            Put(false, _buffer.AsSpan(0, length));
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private void Put(bool toServer, ReadOnlySpan<byte> datagram)
    {
        Assert.InRange(datagram.Length, 1, DtlsTransport.HandshakeMtu + 100);
        var number = toServer ? ClientSent++ : ServerSent++;
        var copy = datagram.ToArray();
        if (Filter(toServer, number, copy))
        {
            _wire.Add((Now + Delay, toServer, copy));
        }
    }

    private void DeliverDue()
    {
        var due = _wire.Where(w => w.Due <= Now).ToList();
        _wire.RemoveAll(w => w.Due <= Now);
        foreach (var (_, toServer, datagram) in due)
        {
            Deliver(toServer ? Server : Client, datagram, toServer ? ServerReceived : ClientReceived);
        }
    }

    private void Deliver(DtlsTransport to, byte[] datagram, List<byte[]> received)
    {
        var plaintext = new byte[datagram.Length];
        for (ReadOnlySpan<byte> input = datagram; to.HandleDatagram(Now, input, plaintext, out var length); input = default)
        {
            received.Add(plaintext.AsSpan(0, length).ToArray());
        }
    }
}

namespace MeshNode.Benchmarks.Links;

/// <summary>One direction of a link: chance, a queue that empties at the rate, and a delay. Knows time only as nanoseconds that it is given.</summary>
internal sealed class LinkDirection
{
    /// <summary>Of a sample of the queue.</summary>
    public const long SampleLength = 100_000_000;

    private readonly LinkSettings _settings;
    private readonly Random _random;
    private readonly Queue<(long DepartsAt, int Length)> _queue = new();
    private readonly List<QueueSample> _samples = [];
    private long _freeAt; // when all that is queued has left
    private int _queuedBytes;
    private bool _isBad;

    public LinkDirection(LinkSettings settings, int seed)
    {
        _settings = settings;
        _random = new Random(seed); // repeatable chance, no secret
    }

    public long Offered { get; private set; }

    public long LostByChance { get; private set; }

    public long DroppedByQueue { get; private set; }

    public long TooLarge { get; private set; }

    /// <summary>The shortest waits of the queue, one for each tenth of a second in which something was queued.</summary>
    public IReadOnlyList<QueueSample> Samples => _samples;

    /// <summary>Takes a datagram, or loses it.</summary>
    /// <param name="arrivedAt">The earliest time that it may have come.</param>
    /// <param name="now">At or after that.</param>
    /// <param name="length">Bytes of UDP payload.</param>
    /// <param name="deliverAt">When it comes out.</param>
    public bool TryAccept(long arrivedAt, long now, int length, out long deliverAt)
    {
        Offered++;
        deliverAt = 0;
        if (length > _settings.MaxDatagram)
        {
            TooLarge++;
            return false;
        }

        if (IsLost())
        {
            LostByChance++;
            return false;
        }

        while (_queue.TryPeek(out var head) && head.DepartsAt <= now)
        {
            _queuedBytes -= _queue.Dequeue().Length;
        }

        if (_queuedBytes + length > _settings.QueueBytes)
        {
            DroppedByQueue++;
            return false;
        }

        var begins = Math.Max(_freeAt, arrivedAt);
        _freeAt = begins + (long)(length * 8e9 / _settings.Rate);
        _queue.Enqueue((_freeAt, length));
        _queuedBytes += length;
        Note(now, Math.Max(0, begins - now));
        deliverAt = _freeAt + (long)(_settings.Delay.TotalMilliseconds * 1e6);
        return true;
    }

    private bool IsLost()
    {
        if (_settings.Bursts is { } bursts)
        {
            _isBad = _isBad ? _random.NextDouble() >= bursts.ToGood : _random.NextDouble() < bursts.ToBad;
            return _isBad;
        }

        return _settings.Loss > 0 && _random.NextDouble() < _settings.Loss;
    }

    private void Note(long now, long wait)
    {
        if (_samples.Count == 0 || now - _samples[^1].At >= SampleLength)
        {
            _samples.Add(new QueueSample(now, wait));
        }
        else if (wait < _samples[^1].Wait)
        {
            _samples[^1] = _samples[^1] with { Wait = wait };
        }
    }
}

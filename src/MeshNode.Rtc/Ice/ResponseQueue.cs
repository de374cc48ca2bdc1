namespace MeshNode.Rtc.Ice;

/// <summary>The answers that are owed: bounded, and never longer than what they answer to a sender who proved nothing.</summary>
internal sealed class ResponseQueue
{
    private const int Limit = 64; // answers between two drains; a sender whose check goes unanswered repeats it
    private const int MaxRefusals = 32; // at once to senders who proved nothing

    private static readonly TimeSpan RefusalInterval = TimeSpan.FromMilliseconds(20); // for each one more

    private readonly Queue<PendingResponse> _responses = new();
    private int _refusals = MaxRefusals;
    private MonotonicTime _refusalsAt;

    public int Count => _responses.Count;

    public void Add(in PendingResponse response)
    {
        if (_responses.Count < Limit)
        {
            _responses.Enqueue(response);
        }
    }

    /// <summary>
    /// Refuses a request whose sender is not known to be one: no amplification, and only so often, for a refusal costs a
    /// system call that the sender of a flood should not be able to buy.
    /// </summary>
    public void AddUnsigned(MonotonicTime now, in PendingResponse refusal, int requestLength)
    {
        var earned = (now - _refusalsAt).Ticks / RefusalInterval.Ticks;
        if (earned > 0)
        {
            _refusals = (int)Math.Min(MaxRefusals, _refusals + earned);
            _refusalsAt = now;
        }

        if (_refusals > 0 && PendingResponse.UnsignedLength(refusal.ErrorCode) <= requestLength)
        {
            _refusals--;
            Add(refusal);
        }
    }

    public bool TryTake(out PendingResponse response) => _responses.TryDequeue(out response);

    public void Clear() => _responses.Clear();
}

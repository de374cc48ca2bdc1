namespace MeshNode.Rtc.Ice;

/// <summary>The answers that are owed: bounded, and never longer than what they answer to a sender who proved nothing.</summary>
internal sealed class ResponseQueue
{
    private const int Limit = 64; // answers between two drains; a sender whose check goes unanswered repeats it
    private readonly Queue<PendingResponse> _responses = new();

    public int Count => _responses.Count;

    public void Add(in PendingResponse response)
    {
        if (_responses.Count < Limit)
        {
            _responses.Enqueue(response);
        }
    }

    /// <summary>Refuses a request whose sender is not known to be one: no amplification.</summary>
    public void AddUnsigned(in PendingResponse refusal, int requestLength)
    {
        if (PendingResponse.UnsignedLength(refusal.ErrorCode) <= requestLength)
        {
            Add(refusal);
        }
    }

    public bool TryTake(out PendingResponse response) => _responses.TryDequeue(out response);

    public void Clear() => _responses.Clear();
}

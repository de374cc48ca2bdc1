using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Sql;

/// <summary>What a writer is told, in words that are the same for both engines.</summary>
internal static class WriteRefusal
{
    /// <param name="stands">The epoch in the store.</param>
    public static WriteResult Fenced(Fence fence, long stands) =>
        new(WriteOutcome.Fenced, $"The fence [{fence.Name}] stands at epoch {stands}, the write was made with {fence.Epoch}.");

    /// <param name="highest">Sequence number in the store.</param>
    public static WriteResult Taken(AtomicWrite write, long highest) =>
        new(WriteOutcome.SequenceTaken, $"[{write.PersistenceId}] has events up to {highest}, the write begins with {write.FirstSequenceNr}.");

    public static WriteResult Rejected(string reason) => new(WriteOutcome.Rejected, reason);
}

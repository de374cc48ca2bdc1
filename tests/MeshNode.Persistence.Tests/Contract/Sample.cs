using System.Text;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests.Contract;

/// <summary>Events to write.</summary>
internal static class Sample
{
    public static StoredEvent Event(string id, long sequenceNr, string text = "{}", params string[] tags) =>
        new(id, sequenceNr, "sampled", 1, Encoding.UTF8.GetBytes(text), 638_000_000_000_000_000 + sequenceNr, tags);

    /// <summary>One atomic write of events whose payload is their sequence number.</summary>
    public static AtomicWrite Write(string id, long from, long to) => new(id, [.. Numbers(from, to).Select(number => Event(id, number, $"{number}"))]);

    public static AtomicWrite Tagged(string id, long sequenceNr, params string[] tags) => new(id, [Event(id, sequenceNr, $"{sequenceNr}", tags)]);

    public static IEnumerable<long> Numbers(long from, long to)
    {
        for (var number = from; number <= to; number++)
        {
            yield return number;
        }
    }

    public static string Text(StoredEvent storedEvent) => Encoding.UTF8.GetString(storedEvent.Payload.Span);
}

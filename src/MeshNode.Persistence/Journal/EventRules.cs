using System.Text;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Journal;

/// <summary>
/// What every store can hold, checked before anything is sent, so that one odd event never fails the transaction of others:
/// PostgreSQL's <c>text</c> takes neither NUL nor a lone surrogate (which UTF-8 cannot say), and both have limits of size.
/// </summary>
internal static class EventRules
{
    /// <summary>UTF-16 units of a manifest, a tag or a fence's name.</summary>
    public const int MaxNameLength = 255;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why the write can never be stored; null when it can.</summary>
    public static string? Reject(AtomicWrite write, int maxPayloadBytes)
    {
        if (RejectId(write.PersistenceId) is { } reason)
        {
            return reason;
        }

        if (write.Events.Count == 0)
        {
            return "A write needs at least one event.";
        }

        for (var i = 0; i < write.Events.Count; i++)
        {
            if (Reject(write, write.Events[i], i, maxPayloadBytes) is { } eventReason)
            {
                return eventReason;
            }
        }

        return null;
    }

    public static string? Reject(StoredSnapshot snapshot, int maxPayloadBytes) =>
        RejectId(snapshot.Metadata.PersistenceId) ?? RejectManifest(snapshot.Manifest) ?? RejectPayload(snapshot.Payload.Length, maxPayloadBytes);

    /// <summary>What <see cref="ISnapshotStore.DeleteAsync(SnapshotMetadata, CancellationToken)"/> deletes.</summary>
    public static SnapshotSelectionCriteria Only(SnapshotMetadata metadata) => metadata.Timestamp == DateTime.MinValue
        ? new(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr)
        : new(metadata.SequenceNr, metadata.Timestamp, metadata.SequenceNr, metadata.Timestamp);

    public static string? RejectId(string persistenceId) =>
        RejectText("persistence id", persistenceId, StoredEvent.MaxPersistenceIdLength);

    public static string? RejectTag(string tag) => RejectText("tag", tag, MaxNameLength);

    public static string? RejectFence(string name) => RejectText("fence's name", name, MaxNameLength);

    private static string? RejectManifest(string manifest) => RejectText("manifest", manifest, MaxNameLength);

    private static string? RejectPayload(int length, int maxPayloadBytes) =>
        length > maxPayloadBytes ? $"The payload has {length:N0} bytes, the store takes {maxPayloadBytes:N0} at most." : null;

    /// <summary>For methods that have no result to say it with.</summary>
    /// <exception cref="ArgumentException">The id cannot be stored.</exception>
    public static void ThrowIfRejected(string? reason, string parameter)
    {
        if (reason is not null)
        {
            throw new ArgumentException(reason, parameter);
        }
    }

    private static string? Reject(AtomicWrite write, StoredEvent storedEvent, int index, int maxPayloadBytes)
    {
        if (storedEvent.SequenceNr < 1 || storedEvent.SequenceNr != write.Events[0].SequenceNr + index || storedEvent.PersistenceId != write.PersistenceId)
        {
            return "The events of a write are of one persistence id and have consecutive sequence numbers from 1.";
        }

        if (RejectManifest(storedEvent.Manifest) is { } manifestReason)
        {
            return manifestReason;
        }

        for (var i = 0; i < storedEvent.Tags.Count; i++)
        {
            if (RejectTag(storedEvent.Tags[i]) is { } tagReason)
            {
                return tagReason;
            }

            if (i > 0 && storedEvent.Tags.Take(i).Contains(storedEvent.Tags[i], StringComparer.Ordinal))
            {
                return $"The tag [{storedEvent.Tags[i]}] stands twice on one event.";
            }
        }

        return RejectPayload(storedEvent.Payload.Length, maxPayloadBytes);
    }

    private static string? RejectText(string what, string text, int maxLength)
    {
        if (text.Length == 0 || text.Length > maxLength)
        {
            return $"A {what} has 1 to {maxLength} UTF-16 units, this one {text.Length}.";
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return $"A {what} cannot hold the character NUL.";
        }

        return IsWellFormed(text) ? null : $"A {what} cannot hold half of a surrogate pair.";
    }

    private static bool IsWellFormed(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return true;
        }

        try
        {
            _ = Strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}

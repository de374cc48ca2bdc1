using System.Runtime.CompilerServices;
using MeshNode.Persistence.Journal;
using static MeshNode.Persistence.Journal.CommitSignals;

namespace MeshNode.Persistence.Query;

/// <summary>
/// Reads what actors have persisted. A <c>Current…</c> query ends with what is there when it begins; the others go on until
/// their token is cancelled or the system terminates, which throws <see cref="OperationCanceledException"/>. A query holds one page of
/// <see cref="PersistenceSettings.QueryPageSize"/>, and reads the next when its consumer has taken all of it.
/// </summary>
public sealed class ReadJournal
{
    private readonly PersistenceExtension _persistence;

    internal ReadJournal(PersistenceExtension persistence) => _persistence = persistence;

    /// <summary>An actor's events by rising sequence number, those to come too.</summary>
    /// <param name="toSequenceNr">Included; ends when it has come.</param>
    /// <exception cref="EventTypeException">An event's type or version is not registered.</exception>
    public IAsyncEnumerable<EventEnvelope> EventsByPersistenceId(
        string persistenceId, long fromSequenceNr = 0, long toSequenceNr = long.MaxValue) =>
        ById(persistenceId, fromSequenceNr, toSequenceNr, isLive: true);

    /// <summary>An actor's events by rising sequence number.</summary>
    /// <inheritdoc cref="EventsByPersistenceId"/>
    public IAsyncEnumerable<EventEnvelope> CurrentEventsByPersistenceId(
        string persistenceId, long fromSequenceNr = 0, long toSequenceNr = long.MaxValue) =>
        ById(persistenceId, fromSequenceNr, toSequenceNr, isLive: false);

    /// <summary>
    /// The events that carry a tag after an offset, excluded, those to come too, in the order of their offsets. None is skipped,
    /// however late it commits; each comes once.
    /// </summary>
    /// <param name="offset"><see cref="Offset.NoOffset"/>, or one that an earlier query gave.</param>
    /// <exception cref="EventTypeException">An event's type or version is not registered.</exception>
    public IAsyncEnumerable<EventEnvelope> EventsByTag(string tag, Offset offset) => ByTag(tag, offset, isLive: true);

    /// <summary>The events that carry a tag after an offset, excluded, in the order of their offsets.</summary>
    /// <inheritdoc cref="EventsByTag"/>
    public IAsyncEnumerable<EventEnvelope> CurrentEventsByTag(string tag, Offset offset) => ByTag(tag, offset, isLive: false);

    /// <summary>All persistence ids, each once, those to come too, in no order.</summary>
    public IAsyncEnumerable<string> PersistenceIds() => Ids(isLive: true);

    /// <summary>All persistence ids, each once.</summary>
    public IAsyncEnumerable<string> CurrentPersistenceIds() => Ids(isLive: false);

    private async IAsyncEnumerable<EventEnvelope> ById(
        string persistenceId, long from, long to, bool isLive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        using var wakeUp = await BeginAsync(Topic.PersistenceId, persistenceId, isLive, cancellationToken).ConfigureAwait(false);
        List<object> events = [];
        while (from <= to)
        {
            var next = wakeUp.Next;
            var page = await _persistence.Events.ReadAsync(persistenceId, from, to, _persistence.Settings.QueryPageSize, wakeUp.Token).ConfigureAwait(false);
            if (!isLive)
            {
                to = Math.Min(to, page.HighestSequenceNr);
            }

            foreach (var stored in page.Events)
            {
                _persistence.Codec.Decode(stored, events);
                foreach (var @event in events)
                {
                    wakeUp.Token.ThrowIfCancellationRequested();
                    yield return Envelope(stored, Offset.Sequence(stored.SequenceNr), @event);
                }

                events.Clear();
                from = stored.SequenceNr + 1;
            }

            if (!page.HasMore)
            {
                if (!isLive || from > to)
                {
                    yield break;
                }

                await wakeUp.WaitAsync(next).ConfigureAwait(false);
            }
        }
    }

    private async IAsyncEnumerable<EventEnvelope> ByTag(
        string tag, Offset offset, bool isLive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        ArgumentNullException.ThrowIfNull(offset);
        using var wakeUp = await BeginAsync(Topic.Tag, tag, isLive, cancellationToken).ConfigureAwait(false);
        var last = isLive ? null : await _persistence.Events.ReadHighestOffsetAsync(wakeUp.Token).ConfigureAwait(false);
        List<object> events = [];
        while (last is null || offset < last)
        {
            var next = wakeUp.Next;
            var page = await _persistence.Events.ReadByTagAsync(tag, offset, _persistence.Settings.QueryPageSize, wakeUp.Token).ConfigureAwait(false);
            foreach (var stored in page)
            {
                offset = stored.Ordering!;
                if (last is not null && offset > last)
                {
                    yield break;
                }

                _persistence.Codec.Decode(stored, events);
                foreach (var @event in events)
                {
                    wakeUp.Token.ThrowIfCancellationRequested();
                    yield return Envelope(stored, offset, @event);
                }

                events.Clear();
            }

            if (page.Count == 0)
            {
                if (!isLive)
                {
                    yield break;
                }

                await wakeUp.WaitAsync(next).ConfigureAwait(false);
            }
        }
    }

    private async IAsyncEnumerable<string> Ids(bool isLive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var wakeUp = await BeginAsync(Topic.NewPersistenceId, string.Empty, isLive, cancellationToken).ConfigureAwait(false);
        HashSet<string>? known = isLive ? new(StringComparer.Ordinal) : null;
        while (true)
        {
            var next = wakeUp.Next;
            string? after = null;
            do
            {
                var ids = await _persistence.Events.ReadPersistenceIdsAsync(after, _persistence.Settings.QueryPageSize, wakeUp.Token).ConfigureAwait(false);
                foreach (var id in ids)
                {
                    wakeUp.Token.ThrowIfCancellationRequested();
                    if (known is null || known.Add(id))
                    {
                        yield return id;
                    }
                }

                after = ids.Count == 0 ? null : ids[^1];
            }
            while (after is not null);

            if (!isLive)
            {
                yield break;
            }

            await wakeUp.WaitAsync(next).ConfigureAwait(false);
        }
    }

    private async Task<WakeUp> BeginAsync(Topic topic, string key, bool isLive, CancellationToken cancellationToken)
    {
        await _persistence.EventsStarted.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new WakeUp(_persistence, topic, key, isLive, cancellationToken);
    }

    private static EventEnvelope Envelope(StoredEvent stored, Offset offset, object @event) =>
        new(offset, stored.PersistenceId, stored.SequenceNr, @event, stored.Timestamp, stored.Tags);
}

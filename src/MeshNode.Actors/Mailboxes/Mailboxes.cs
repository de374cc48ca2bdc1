using System.Collections.Concurrent;

namespace MeshNode.Actors;

/// <summary>The kinds of mailbox of a system by id.</summary>
public sealed class Mailboxes
{
    /// <summary>Id of the mailbox that actors have when their <see cref="Props"/> name none.</summary>
    public const string DefaultMailboxId = "akka.actor.default-mailbox";

    private readonly ConcurrentDictionary<string, MailboxType> _types = new(StringComparer.Ordinal);

    internal Mailboxes() => Register(DefaultMailboxId, UnboundedMailbox.Instance);

    public bool HasMailbox(string id) => _types.ContainsKey(id);

    /// <summary>The mailbox of that id; throws <see cref="ConfigurationException"/> when none is registered.</summary>
    public MailboxType Lookup(string id) => _types.TryGetValue(id, out var type)
        ? type
        : throw new ConfigurationException($"Mailbox [{id}] is not registered: call system.Mailboxes.Register first.");

    /// <summary>False when the id is taken.</summary>
    public bool Register(string id, MailboxType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(type);
        return _types.TryAdd(id, type);
    }
}

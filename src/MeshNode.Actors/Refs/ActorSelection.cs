using System.IO.Enumeration;

namespace MeshNode.Actors;

/// <summary>
/// Actors by path, looked up anew for each message. <c>*</c> and <c>?</c> stand for any characters within one name, <c>**</c>
/// for all actors below.
/// </summary>
public sealed class ActorSelection : ICanTell, IEquatable<ActorSelection>
{
    private readonly ActorSystemImpl _system;
    private readonly InternalActorRef _anchor;
    private readonly string[] _elements;

    private ActorSelection(ActorSystemImpl system, InternalActorRef anchor, string[] elements)
    {
        _system = system;
        _anchor = anchor;
        _elements = elements;
    }

    public IActorRef Anchor => _anchor;

    public string PathString => "/" + string.Join('/', _elements);

    internal ActorSystemImpl System => _system;

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        var found = Find();
        if (found.Count == 0)
        {
            _system.PublishDeadLetter(new Envelope(message, sender!), _system.DeadLetters);
        }

        foreach (var actor in found)
        {
            actor.Tell(message, sender);
        }
    }

    /// <summary>The one actor that answers within the time; <see cref="ActorNotFoundException"/> when there is none.</summary>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <inheritdoc cref="ResolveOne(TimeSpan)"/>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(this), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"No actor at {this}");
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException($"No actor answered at {this}", e);
        }
    }

    public bool Equals(ActorSelection? other) =>
        other is not null && ReferenceEquals(_anchor, other._anchor) && _elements.AsSpan().SequenceEqual(other._elements);

    public override bool Equals(object? obj) => Equals(obj as ActorSelection);

    public override int GetHashCode() => HashCode.Combine(_anchor, PathString);

    public override string ToString() => $"ActorSelection[Anchor({_anchor.Path}), Path({PathString})]";

    internal static ActorSelection From(ActorSystemImpl system, InternalActorRef here, ActorPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return From(system, here, path.ToStringWithoutAddress());
    }

    internal static ActorSelection From(ActorSystemImpl system, InternalActorRef here, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var prefix = $"akka://{system.Name}";
        if (path.StartsWith(prefix, StringComparison.Ordinal))
        {
            path = path[prefix.Length..];
            path = path.Length == 0 ? "/" : path;
        }

        var anchor = path[0] == '/' ? system.Root : here;
        return new ActorSelection(system, anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    private List<InternalActorRef> Find()
    {
        List<InternalActorRef> found = [_anchor];
        foreach (var element in _elements)
        {
            List<InternalActorRef> next = [];
            foreach (var actor in found)
            {
                Step(actor, element, next);
            }

            found = next;
        }

        return found;
    }

    private void Step(InternalActorRef actor, string element, List<InternalActorRef> next)
    {
        if (element == "..")
        {
            next.Add(actor.Parent ?? actor);
        }
        else if (element == "deadLetters" && ReferenceEquals(actor, _system.Root))
        {
            next.Add((InternalActorRef)_system.DeadLetters);
        }
        else if (element == "**")
        {
            AddAllBelow(actor, next);
        }
        else if (element.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            next.AddRange(actor.GetChildren().Cast<InternalActorRef>().Where(child => FileSystemName.MatchesSimpleExpression(element, child.Path.Name, ignoreCase: false)));
        }
        else if (actor.GetChild(element) is { } child)
        {
            next.Add(child);
        }
    }

    private static void AddAllBelow(InternalActorRef actor, List<InternalActorRef> found)
    {
        foreach (var child in actor.GetChildren().Cast<InternalActorRef>())
        {
            found.Add(child);
            AddAllBelow(child, found);
        }
    }
}

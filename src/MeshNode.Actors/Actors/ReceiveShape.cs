using System.Collections.Concurrent;

namespace MeshNode.Actors;

/// <summary>
/// Which kinds of handler a behaviour has, in the order in which they were declared. All actors that declare the same share
/// it, and hold only their own delegates: with three handlers that saves 100 bytes an actor. Shapes form a tree: one handler
/// more leads from one shape to the next.
/// </summary>
internal sealed class ReceiveShape
{
    /// <summary>From so many handlers on it pays to remember which is the first that can take a type.</summary>
    private const int ManyHandlers = 8;

    private readonly ConcurrentDictionary<ReceiveHandler, ReceiveShape> _next = new();
    private readonly ReceiveHandler[] _handlers;
    private readonly ConcurrentDictionary<Type, int>? _firstFor;

    private ReceiveShape(ReceiveHandler[] handlers)
    {
        _handlers = handlers;
        _firstFor = handlers.Length >= ManyHandlers ? new() : null;
    }

    public static ReceiveShape Empty { get; } = new([]);

    public int Count => _handlers.Length;

    public ReceiveShape With(ReceiveHandler handler) =>
        _next.GetOrAdd(handler, static (added, handlers) => new ReceiveShape([.. handlers, added]), _handlers);

    /// <summary>Offers the message to one handler after the other.</summary>
    /// <param name="parts">The actor's own of each handler.</param>
    public bool TryHandle(object message, object[] parts)
    {
        var handlers = _handlers;
        for (var index = _firstFor is null ? 0 : FirstFor(message.GetType(), _firstFor); index < handlers.Length; index++)
        {
            if (handlers[index].TryHandle(message, parts[index]))
            {
                return true;
            }
        }

        return false;
    }

    private int FirstFor(Type type, ConcurrentDictionary<Type, int> firstFor)
    {
        if (!firstFor.TryGetValue(type, out var first))
        {
            first = Array.FindIndex(_handlers, handler => handler.MessageType.IsAssignableFrom(type));
            firstFor[type] = first = first < 0 ? _handlers.Length : first;
        }

        return first;
    }
}

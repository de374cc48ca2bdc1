namespace MeshNode.Actors;

/// <summary>The handlers of one behaviour of one actor, in the order in which they were declared.</summary>
internal sealed class ReceiveTable
{
    private const int FirstCapacity = 4;

    private ReceiveShape _shape = ReceiveShape.Empty;
    private object[] _parts = [];

    public bool HasAny { get; set; }

    public void AddAction<T>(Action<T> handle, Predicate<T>? shouldHandle) =>
        Add(ReceiveHandler.OfAction<T>.Instance, ReceiveHandler.Guarded<T>.Action, handle, shouldHandle);

    public void AddTask<T>(Func<T, Task> handle, Predicate<T>? shouldHandle) =>
        Add(ReceiveHandler.OfTask<T>.Instance, ReceiveHandler.Guarded<T>.Task, handle, shouldHandle);

    public void AddFunction<T>(Func<T, bool> handle) => Add(ReceiveHandler.OfFunction<T>.Instance, handle);

    public bool TryHandle(object message) => _shape.TryHandle(message, _parts);

    /// <summary>As a behaviour.</summary>
    public bool Receive(object message) => TryHandle(message);

    private void Add<T>(ReceiveHandler plain, ReceiveHandler.Guarded<T> guarded, object part, Predicate<T>? shouldHandle)
    {
        if (shouldHandle is null)
        {
            Add(plain, part);
        }
        else
        {
            Add(guarded, new ReceiveHandler.Guard<T>(shouldHandle, part));
        }
    }

    private void Add(ReceiveHandler handler, object part)
    {
        var count = _shape.Count;
        if (count == _parts.Length)
        {
            Array.Resize(ref _parts, Math.Max(FirstCapacity, count * 2));
        }

        _parts[count] = part;
        _shape = _shape.With(handler);
    }
}

namespace MeshNode.Actors.TestKit;

/// <summary>A condition on messages of one type.</summary>
public sealed class PredicateInfo
{
    private readonly Func<object, bool> _fits;

    private PredicateInfo(Type type, Delegate predicate, Func<object, bool> fits)
    {
        Type = type;
        PredicateT = predicate;
        _fits = fits;
    }

    public Type Type { get; }

    public Delegate PredicateT { get; }

    public static PredicateInfo Create<T>(Predicate<T> predicateT)
    {
        ArgumentNullException.ThrowIfNull(predicateT);
        return new(typeof(T), predicateT, message => message is T typed && predicateT(typed));
    }

    public bool Fits(object message) => _fits(message);

    public override string ToString() => $"<{Type}> {PredicateT.Method.Name}";
}

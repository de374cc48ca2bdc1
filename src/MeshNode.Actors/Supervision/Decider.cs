namespace MeshNode.Actors;

public static class Decider
{
    public static IDecider From(Func<Exception, Directive> localOnlyDecider)
    {
        ArgumentNullException.ThrowIfNull(localOnlyDecider);
        return new FunctionDecider(localOnlyDecider);
    }

    private sealed class FunctionDecider(Func<Exception, Directive> decide) : IDecider
    {
        public Directive Decide(Exception cause) => decide(cause);
    }
}

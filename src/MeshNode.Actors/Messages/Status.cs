namespace MeshNode.Actors;

/// <summary>An answer that says how it went; <c>Ask</c> turns <see cref="Failure"/> into an exception.</summary>
public abstract class Status
{
    public sealed class Success(object? status) : Status
    {
        public static Success Instance { get; } = new(null);

        public object? Status { get; } = status;

        public override string ToString() => $"Success: {Status}";
    }

    public sealed class Failure : Status
    {
        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state;
        }

        public Exception Cause { get; }

        public object? State { get; }

        public override string ToString() => $"Failure: {Cause}";
    }
}

using System.Globalization;

namespace MeshNode.Persistence.Query;

/// <summary>
/// A place in the order of a store's events: opaque, comparable within one store, and kept as a string by consumers that
/// go on later. Reading begins after it.
/// </summary>
public sealed record Offset : IComparable<Offset>
{
    private static readonly Offset Beginning = new(0, 0);

    private Offset(ulong transaction, long value)
    {
        Transaction = transaction;
        Value = value;
    }

    /// <summary>Of the transaction that wrote, where numbers alone do not give the order of commits; 0 elsewhere.</summary>
    internal ulong Transaction { get; }

    /// <summary>The store's number, from 1; 0 before the first.</summary>
    internal long Value { get; }

    /// <summary>Before the first event.</summary>
    public static Offset NoOffset() => Beginning;

    /// <param name="value">From 0.</param>
    public static Offset Sequence(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value == 0 ? Beginning : new Offset(0, value);
    }

    /// <summary>Ordered by <paramref name="transaction"/> first, then by <paramref name="value"/>.</summary>
    internal static Offset OfTransaction(ulong transaction, long value) => new(transaction, value);

    public static bool operator <(Offset left, Offset right) => left.CompareTo(right) < 0;

    public static bool operator >(Offset left, Offset right) => left.CompareTo(right) > 0;

    public static bool operator <=(Offset left, Offset right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Offset left, Offset right) => left.CompareTo(right) >= 0;

    public int CompareTo(Offset? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byTransaction = Transaction.CompareTo(other.Transaction);
        return byTransaction != 0 ? byTransaction : Value.CompareTo(other.Value);
    }

    /// <summary>What <see cref="Parse"/> reads: <c>17</c>, or <c>981.17</c> with a transaction.</summary>
    public override string ToString() => Transaction == 0
        ? Value.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Transaction}.{Value}");

    /// <exception cref="FormatException">Not made by <see cref="ToString"/>.</exception>
    public static Offset Parse(string text) =>
        TryParse(text, out var offset) ? offset : throw new FormatException($"[{text}] is not an offset.");

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Offset? offset)
    {
        offset = null;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        ulong transaction = 0;
        if (dot >= 0 && !ulong.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out transaction))
        {
            return false;
        }

        if (!long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        offset = new Offset(transaction, value);
        return true;
    }
}

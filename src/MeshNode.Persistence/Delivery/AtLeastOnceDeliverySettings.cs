namespace MeshNode.Persistence;

/// <summary>How an at-least-once delivering actor tries again.</summary>
/// <param name="RedeliverInterval">Between tries of one message; looked at twice in it.</param>
/// <param name="RedeliveryBurstLimit">Messages sent again at once; the others follow at the next look.</param>
/// <param name="WarnAfterNumberOfUnconfirmedAttempts">Tries after which the actor is sent an <see cref="UnconfirmedWarning"/>.</param>
/// <param name="MaxUnconfirmedMessages">On their way at a time; <c>Deliver</c> throws beyond it.</param>
public sealed record AtLeastOnceDeliverySettings(
    TimeSpan RedeliverInterval,
    int RedeliveryBurstLimit,
    int WarnAfterNumberOfUnconfirmedAttempts,
    int MaxUnconfirmedMessages)
{
    /// <summary>Akka.NET's: 5 s, 10,000, 5 and 100,000.</summary>
    public static AtLeastOnceDeliverySettings Default { get; } = new(TimeSpan.FromSeconds(5), 10_000, 5, 100_000);

    public AtLeastOnceDeliverySettings WithRedeliverInterval(TimeSpan redeliverInterval) => this with { RedeliverInterval = redeliverInterval };

    public AtLeastOnceDeliverySettings WithRedeliveryBurstLimit(int redeliveryBurstLimit) => this with { RedeliveryBurstLimit = redeliveryBurstLimit };

    public AtLeastOnceDeliverySettings WithWarnAfterNumberOfUnconfirmedAttempts(int warnAfterNumberOfUnconfirmedAttempts) =>
        this with { WarnAfterNumberOfUnconfirmedAttempts = warnAfterNumberOfUnconfirmedAttempts };

    public AtLeastOnceDeliverySettings WithMaxUnconfirmedMessages(int maxUnconfirmedMessages) => this with { MaxUnconfirmedMessages = maxUnconfirmedMessages };
}

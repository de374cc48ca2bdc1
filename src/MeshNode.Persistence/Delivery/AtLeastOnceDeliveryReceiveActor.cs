using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>
/// A <see cref="ReceivePersistentActor"/> that sends messages again until they are confirmed, across its own restarts and the
/// process'. Receivers may get one twice, and out of order.
/// </summary>
public abstract class AtLeastOnceDeliveryReceiveActor : ReceivePersistentActor
{
    private readonly AtLeastOnceDeliverySemantic _deliveries;

    protected AtLeastOnceDeliveryReceiveActor()
        : this(static settings => settings)
    {
    }

    protected AtLeastOnceDeliveryReceiveActor(AtLeastOnceDeliverySettings settings)
        : this(_ => settings)
    {
    }

    /// <param name="overrideSettings">Changes the system's settings for this actor.</param>
    protected AtLeastOnceDeliveryReceiveActor(Func<AtLeastOnceDeliverySettings, AtLeastOnceDeliverySettings> overrideSettings)
    {
        ArgumentNullException.ThrowIfNull(overrideSettings);
        _deliveries = new AtLeastOnceDeliverySemantic(this, Self, overrideSettings(Extension.Settings.AtLeastOnceDelivery));
    }

    public TimeSpan RedeliverInterval => _deliveries.Settings.RedeliverInterval;

    public int RedeliveryBurstLimit => _deliveries.Settings.RedeliveryBurstLimit;

    public int WarnAfterNumberOfUnconfirmedAttempts => _deliveries.Settings.WarnAfterNumberOfUnconfirmedAttempts;

    public int MaxUnconfirmedMessages => _deliveries.Settings.MaxUnconfirmedMessages;

    /// <summary>Messages sent and not confirmed.</summary>
    public int UnconfirmedCount => _deliveries.UnconfirmedCount;

    /// <summary>
    /// Sends a message, and again until it is confirmed; while recovering it is only noted, and sent when recovery ends. Call
    /// it where the event that decided on it is handled.
    /// </summary>
    /// <param name="deliveryMessageMapper">Makes the message from the delivery id, which the receiver's confirmation carries back.</param>
    /// <exception cref="MaxUnconfirmedMessagesExceededException">Too many are unconfirmed.</exception>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper) => _deliveries.Deliver(destination, deliveryMessageMapper);

    /// <inheritdoc cref="Deliver(ActorPath, Func{long, object})"/>
    /// <exception cref="NotSupportedException">The selection has wildcards: nobody could say who has confirmed.</exception>
    public void Deliver(ActorSelection destination, Func<long, object> deliveryMessageMapper) =>
        _deliveries.Deliver(DeliveryPath.Of(destination), deliveryMessageMapper);

    /// <summary>Stops sending. Call it where the event of the confirmation is handled.</summary>
    /// <returns>False when it was confirmed already.</returns>
    public bool ConfirmDelivery(long deliveryId) => _deliveries.ConfirmDelivery(deliveryId);

    /// <summary>What is unconfirmed, to be saved with the actor's own snapshot.</summary>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() => _deliveries.GetDeliverySnapshot();

    /// <summary>To be called with what <see cref="GetDeliverySnapshot"/> gave, when the snapshot is offered.</summary>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot) => _deliveries.SetDeliverySnapshot(snapshot);

    public override void AroundPreRestart(Exception cause, object? message)
    {
        _deliveries.Stop();
        base.AroundPreRestart(cause, message);
    }

    public override void AroundPostStop()
    {
        _deliveries.Stop();
        base.AroundPostStop();
    }

    protected override void OnReplaySuccess()
    {
        _deliveries.Start();
        base.OnReplaySuccess();
    }

    protected internal override bool AroundReceive(Receive receive, object message)
    {
        if (message is RedeliveryTick)
        {
            _deliveries.RedeliverOverdue();
            return true;
        }

        return base.AroundReceive(receive, message);
    }
}

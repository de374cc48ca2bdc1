namespace MeshNode.Actors;

/// <summary>
/// Timers of one incarnation, each under a key. Starting one again, cancelling it, restarting and stopping the actor end
/// it: its message does not come any more, even if it was in the mailbox already.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>Sends the message to the actor once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Sends the message every interval, first after one interval.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <inheritdoc cref="StartSingleTimer(object, object, TimeSpan)"/>
    /// <param name="sender">Of the message; the actor itself where there is no such parameter.</param>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    /// <inheritdoc cref="StartPeriodicTimer(object, object, TimeSpan)"/>
    /// <param name="sender">Of the message; the actor itself where there is no such parameter.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <inheritdoc cref="StartPeriodicTimer(object, object, TimeSpan, IActorRef)"/>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();

    IReadOnlyCollection<object> ActiveTimers { get; }
}

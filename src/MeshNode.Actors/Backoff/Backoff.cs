namespace MeshNode.Actors;

/// <summary>What a <see cref="BackoffSupervisor"/> waits for before it starts its child again.</summary>
public static class Backoff
{
    /// <summary>Starts the child again when it failed; when it stops by itself, the supervisor stops too.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name below the supervisor.</param>
    /// <param name="minBackoff">The first delay; doubles with each restart.</param>
    /// <param name="maxBackoff">The longest delay, before chance is added.</param>
    /// <param name="randomFactor">0 to 1: a delay grows by up to this part of itself, so that many do not come back at once.</param>
    /// <param name="maxNrOfRetries">-1 for no limit.</param>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        new(onFailure: true, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);

    /// <summary>Starts the child again when it stopped; a failure is treated by the strategy, by default a restart without delay.</summary>
    /// <inheritdoc cref="OnFailure"/>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        new(onFailure: false, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);
}

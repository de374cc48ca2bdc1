namespace MeshNode.Actors;

/// <summary>An actor that has timers; set before <c>PreStart</c>.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

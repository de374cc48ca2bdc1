namespace MeshNode.Rtc.Ice;

public enum IceEventKind
{
    /// <summary><see cref="IceEvent.State"/> is new.</summary>
    StateChanged,

    /// <summary>The first integrity-valid check or response was seen on <see cref="IceEvent.Path"/>.</summary>
    PathAuthenticated,

    /// <summary>
    /// A check of ours was answered on <see cref="IceEvent.Path"/>: whoever is there received it. A request alone may come
    /// from a forged source.
    /// </summary>
    PathValidated,

    /// <summary>
    /// Data leaves along <see cref="IceEvent.Path"/> from now on; default when there is no path any more. Also when a
    /// restart has ended on the path that was selected before: the previous generation's ufrag is then of no use.
    /// </summary>
    SelectedPathChanged,
}

/// <summary>What an agent tells its owner.</summary>
/// <param name="Kind">Which of the other members count.</param>
/// <param name="Path">The path concerned, or the selected one; default when there is none.</param>
/// <param name="State">The state when the event was made.</param>
public readonly record struct IceEvent(IceEventKind Kind, TransportPath Path, IceConnectionState State);

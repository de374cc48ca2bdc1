namespace MeshNode.Node.Settings;

/// <summary>A key of <c>config/meshnode.conf</c> with the other ways to set it.</summary>
/// <param name="Path">Under <c>meshnode</c>.</param>
/// <param name="Option">The option of <c>run</c>; null where there is none.</param>
/// <param name="IsList">Then the variable holds items with commas between.</param>
internal sealed record SettingKey(string Path, string? Option = null, bool IsList = false)
{
    public static readonly SettingKey Data = new("data", "--data");
    public static readonly SettingKey Name = new("name", "--name");
    public static readonly SettingKey Join = new("join", "--join", IsList: true);
    public static readonly SettingKey Invite = new("invite", "--invite");
    public static readonly SettingKey Http = new("http.bind", "--http");
    public static readonly SettingKey Hosts = new("http.hosts", IsList: true);
    public static readonly SettingKey Origins = new("http.origins", IsList: true);
    public static readonly SettingKey MeshSockets = new("http.mesh-sockets");
    public static readonly SettingKey Udp = new("udp.bind", "--udp");
    public static readonly SettingKey Admission = new("admission.policy", "--admission");
    public static readonly SettingKey AdmittedInvites = new("admission.invites", IsList: true);
    public static readonly SettingKey AdmittedPeers = new("admission.peers", IsList: true);
    public static readonly SettingKey LogLevel = new("log.level", "--log-level");
    public static readonly SettingKey JsonLog = new("log.json", "--json-log");
    public static readonly SettingKey ShutdownTimeout = new("shutdown.timeout");

    public static readonly IReadOnlyList<SettingKey> All =
    [
        Data, Name, Join, Invite, Http, Hosts, Origins, MeshSockets, Udp, Admission, AdmittedInvites, AdmittedPeers,
        LogLevel, JsonLog, ShutdownTimeout,
    ];

    /// <summary>As it stands in a file, from the top.</summary>
    public string FullPath => $"meshnode.{Path}";

    /// <summary>MESHNODE_ and the option where there is one, otherwise the path: MESHNODE_HTTP, MESHNODE_HTTP_HOSTS.</summary>
    public string Variable => "MESHNODE_" + (Option?[2..] ?? Path).ToUpperInvariant().Replace('.', '_').Replace('-', '_');
}

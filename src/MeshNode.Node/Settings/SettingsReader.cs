using System.Text;
using MeshNode.Hocon;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;

namespace MeshNode.Node.Settings;

/// <summary>Turns a document that has every key into settings, and refuses by key, value and what would be valid.</summary>
internal sealed class SettingsReader(HoconObject root, Func<string, string?> environment)
{
    private delegate bool Parser<T>(string text, out T value);

    private const int MaximumNameBytes = 64;

    public NodeSettings Read()
    {
        var http = Value<BindAddress>(SettingKey.Http, BindAddress.Expected, BindAddress.TryParse!);
        var udp = Value<BindAddress>(SettingKey.Udp, BindAddress.Expected, BindAddress.TryParse!);
        return new NodeSettings
        {
            DataDirectory = Text(SettingKey.Data) is { Length: > 0 } data ? Path.GetFullPath(data) : DataDirectory.Default(environment),
            Name = Value<string>(SettingKey.Name, $"a text of at most {MaximumNameBytes} bytes without control characters", TryParseName),
            Http = http,
            Udp = udp,
            Hosts = List<string>(SettingKey.Hosts, "HOST or HOST:PORT as a browser sends it, such as mesh.example.org:7280", TryParseHost),
            Origins = List<string>(SettingKey.Origins, "an origin without a path, such as https://chat.example.org", TryParseOrigin),
            MeshSockets = Value<int>(SettingKey.MeshSockets, "a number from 1 to 100000", TryParseMeshSockets),
            Join = List<Uri>(SettingKey.Join, "ws://HOST:PORT/mesh or wss://HOST/mesh", TryParseJoin),
            Invite = ReadInvite(),
            Admission = ReadAdmission(http, udp),
            AdmittedInvites = List<InviteToken>(SettingKey.AdmittedInvites, $"a token of {InviteToken.MinLength} characters or more", TryParseInvite, isSecret: true),
            AdmittedPeers = List<PeerId>(SettingKey.AdmittedPeers, $"an id of {PeerId.TextLength} characters", static (string text, out PeerId id) => PeerId.TryParse(text, out id)),
            LogLevel = Value<LogLevel>(SettingKey.LogLevel, "trace, debug, info, warn or error", TryParseLogLevel),
            JsonLog = Value<bool>(SettingKey.JsonLog, "true or false", static (string text, out bool value) => HoconScalar.Create(text, "").TryGetBoolean(out value)),
            ShutdownTimeout = Value<TimeSpan>(SettingKey.ShutdownTimeout, "a duration from 0s to 5m, such as 5s", TryParseShutdownTimeout),
        };
    }

    private static bool TryParseName(string text, out string name)
    {
        name = text.Length > 0 ? text : Environment.MachineName;
        return Encoding.UTF8.GetByteCount(name) <= MaximumNameBytes && !name.Any(char.IsControl);
    }

    private static bool TryParseHost(string text, out string host)
    {
        host = text.ToLowerInvariant();
        return Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0
            && uri.PathAndQuery == "/"
            && (host == uri.Authority || host == $"{uri.Host}:{uri.Port}");
    }

    private static bool TryParseOrigin(string text, out string origin)
    {
        origin = text;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && text == uri.GetLeftPart(UriPartial.Authority);
    }

    private static bool TryParseMeshSockets(string text, out int count) =>
        int.TryParse(text, out count) && count is >= 1 and <= 100_000;

    private static bool TryParseJoin(string text, out Uri uri)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri!) || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return false;
        }

        var scheme = uri.Scheme switch
        {
            "ws" or "http" => "ws",
            "wss" or "https" => "wss",
            _ => null,
        };
        if (scheme is null)
        {
            return false;
        }

        var builder = new UriBuilder(uri) { Scheme = scheme, Port = uri.IsDefaultPort ? -1 : uri.Port };
        if (builder.Path is "" or "/")
        {
            builder.Path = "/mesh"; // the console's address is what people copy
        }

        uri = builder.Uri;
        return true;
    }

    private static bool TryParseInvite(string text, out InviteToken invite)
    {
        var isLongEnough = text.Trim().Length >= InviteToken.MinLength;
        invite = isLongEnough ? InviteToken.Parse(text) : null!;
        return isLongEnough;
    }

    private static bool TryParseLogLevel(string text, out LogLevel level)
    {
        level = text switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "info" => LogLevel.Information,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => LogLevel.None,
        };
        return level != LogLevel.None;
    }

    private static bool TryParseShutdownTimeout(string text, out TimeSpan timeout) =>
        HoconDuration.TryParse(text, out timeout) && timeout <= TimeSpan.FromMinutes(5);

    private InviteToken? ReadInvite()
    {
        const string Expected = "a token of 16 characters or more, or @FILE that holds one";
        var scalar = Scalar(SettingKey.Invite);
        var text = scalar.Text;
        if (text.StartsWith('@'))
        {
            try
            {
                text = OwnerOnlyFile.ReadText(text[1..]);
            }
            catch (IdentityException exception)
            {
                throw new NodeStartException($"{Where(SettingKey.Invite, scalar)}: {exception.Message}", exception);
            }
        }

        return text.Length == 0 ? null
            : TryParseInvite(text, out var invite) ? invite
            : throw Invalid(SettingKey.Invite, scalar, "the value", Expected);
    }

    private AdmissionKind ReadAdmission(BindAddress http, BindAddress udp) => Text(SettingKey.Admission) switch
    {
        "open" => AdmissionKind.Open,
        "invite" => AdmissionKind.Invite,
        "list" => AdmissionKind.List,
        "auto" => http.IsLoopback && udp.IsLoopback ? AdmissionKind.Open : AdmissionKind.Invite,
        var other => throw Invalid(SettingKey.Admission, Scalar(SettingKey.Admission), $"'{other}'", "open, invite, list or auto"),
    };

    private string Text(SettingKey key) => Scalar(key).Text;

    private HoconScalar Scalar(SettingKey key)
    {
        root.TryGetPath(key.FullPath, out var value);
        return value as HoconScalar ?? throw Invalid(key, value!, value!.Describe(), "a single value");
    }

    private T Value<T>(SettingKey key, string expected, Parser<T> parse)
    {
        var scalar = Scalar(key);
        return parse(scalar.Text, out var value) ? value : throw Invalid(key, scalar, $"'{scalar.Text}'", expected);
    }

    private List<T> List<T>(SettingKey key, string expected, Parser<T> parse, bool isSecret = false)
    {
        root.TryGetPath(key.FullPath, out var found);
        var list = found as HoconArray ?? throw Invalid(key, found!, found!.Describe(), "a list: [ ... ]");
        var values = new List<T>();
        foreach (var item in list.Items)
        {
            values.Add(item is HoconScalar scalar && parse(scalar.Text, out var value)
                ? value
                : throw Invalid(key, item, isSecret || item is not HoconScalar text ? "an item" : $"'{text.Text}'", expected));
        }

        return values;
    }

    private static NodeStartException Invalid(SettingKey key, HoconValue value, string shown, string expected) =>
        new($"{Where(key, value)}: {shown} is not valid; valid is {expected}");

    // An option or variable names its key; a place in a file does not.
    private static string Where(SettingKey key, HoconValue value) =>
        value.Position.Line == 0 ? value.Position.ToString() : $"{value.Position}: {key.FullPath}";
}

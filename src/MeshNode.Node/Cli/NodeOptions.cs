using System.CommandLine;
using MeshNode.Mesh.Identity;
using MeshNode.Node.Hosting;
using MeshNode.Node.Settings;

namespace MeshNode.Node.Cli;

/// <summary>
/// How a client command finds its node: by the data directory, whose <c>endpoint.json</c> and <c>control-token</c> say where
/// and with what; or by address and token.
/// </summary>
internal sealed class NodeOptions
{
    private readonly Option<string> _data = new("--data") { HelpName = "DIR", Description = "Data directory of the running node [default: as for run]" };
    private readonly Option<string> _http = new("--http") { HelpName = "ADDR:PORT", Description = "Address of the node, in place of --data; needs --token" };
    private readonly Option<string> _token = new("--token") { HelpName = "TOKEN|@FILE", Description = "The node's control token" };

    /// <summary>JSON in place of lines for people.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON" };

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_http);
        command.Add(_token);
        command.Add(Json);
    }

    /// <exception cref="NodeStartException">The options do not fit together.</exception>
    /// <exception cref="IdentityException">A file of the data directory cannot be read.</exception>
    /// <exception cref="ControlException">No node runs there.</exception>
    public ControlClient Connect(ParseResult parsed, Terminal terminal)
    {
        var token = parsed.GetValue(_token) is { } text ? ReadToken(text) : null;
        if (parsed.GetValue(_http) is { } http)
        {
            if (!BindAddress.TryParse(http, out var address) || address.Port == 0 || address.IsWildcard)
            {
                throw new NodeStartException($"--http: '{http}' is not valid; valid is the ADDR:PORT of a running node, such as 127.0.0.1:7280");
            }

            return token is not null
                ? new ControlClient(address.EndPoint, token)
                : throw new NodeStartException("--http: needs --token TOKEN too (it is in the file control-token of the node's data directory)");
        }

        var data = parsed.GetValue(_data) is { Length: > 0 } directory ? Path.GetFullPath(directory) : DataDirectory.Default(terminal.Environment);
        var content = EndPointFile.Read(data)
            ?? throw new ControlException($"no node is running with the data directory {data}; start one with: meshnode run --data {JoinCommand.Quote(data)}");
        if (!EndPointFile.IsAlive(content))
        {
            throw new ControlException(
                $"no node is running with the data directory {data}: its endpoint.json was left over by process {content.Pid}, which is gone; start one with: meshnode run --data {JoinCommand.Quote(data)}");
        }

        return BindAddress.TryParse(content.Address, out var local)
            ? new ControlClient(local.EndPoint, token ?? OwnerOnlyFile.ReadText(DataDirectory.ControlToken(data)).Trim())
            : throw new IdentityException($"{DataDirectory.EndPoint(data)} is damaged; stop the node and start it again");
    }

    private static string ReadToken(string text) => text.StartsWith('@') ? OwnerOnlyFile.ReadText(text[1..]).Trim() : text;
}

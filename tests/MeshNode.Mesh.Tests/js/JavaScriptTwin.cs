using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshNode.Mesh.Tests.js;

/// <summary>The browser's modules under Node.js, asked by JSON lines.</summary>
public sealed class JavaScriptTwin : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    public JavaScriptTwin()
    {
        var modules = Path.Combine(TestFiles.Root, "src", "MeshNode.Node", "wwwroot", "mesh");
        _process = Process.Start(new ProcessStartInfo("node", [TestFiles.InTests("js", "harness.mjs"), modules])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>The answer to a command; fails the test when the module threw.</summary>
    internal JsonNode Ask(string command, object? parameters = null)
    {
        var request = parameters is null ? new JsonObject() : JsonSerializer.SerializeToNode(parameters, JsonSerializerOptions.Web)!.AsObject();
        request["command"] = command;
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        var reading = _process.StandardOutput.ReadLineAsync();
        Assert.True(reading.Wait(Patience), $"{command}: no answer in {Patience.TotalSeconds} s");
        Assert.True(reading.Result is not null, $"{command}: Node.js ended");
        var answer = JsonNode.Parse(reading.Result)!;
        Assert.True(answer["error"] is null, $"{command}: {answer["error"]}");
        return answer;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

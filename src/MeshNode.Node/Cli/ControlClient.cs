using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshNode.Mesh;
using MeshNode.Node.Http;

namespace MeshNode.Node.Cli;

/// <summary>Asks a running node's control endpoints.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // for an answer that needs no far peer
    private readonly HttpClient _http;
    private readonly IPEndPoint _address;

    public ControlClient(IPEndPoint address, string token)
    {
        _address = address;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"http://{address}/api/control/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<StatusResponse> GetStatusAsync() => GetAsync("status", ControlJson.Default.StatusResponse);

    public Task<IReadOnlyList<MeshPeer>> GetPeersAsync() => GetAsync("peers", ControlJson.Default.IReadOnlyListMeshPeer);

    public Task<MeshTopology> GetTopologyAsync() => GetAsync("topology", ControlJson.Default.MeshTopology);

    /// <param name="request">With a timeout, past which the node itself answers.</param>
    public Task<SendResponse> SendAsync(SendRequest request)
    {
        var body = JsonSerializer.Serialize(request, ControlJson.Default.SendRequest);
        var message = new HttpRequestMessage(HttpMethod.Post, "send") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return AskAsync(message, ControlJson.Default.SendResponse, TimeSpan.FromMilliseconds(request.TimeoutMs ?? 0) + Patience);
    }

    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) => AskAsync(new HttpRequestMessage(HttpMethod.Get, path), type, Patience);

    private async Task<T> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, TimeSpan patience)
    {
        using var message = request;
        using var limit = new CancellationTokenSource(patience);
        try
        {
            using var response = await _http.SendAsync(message, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw new ControlException($"the node at {_address} refused: {DescribeProblem(response.StatusCode, body)}");
            }

            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (HttpRequestException exception)
        {
            throw new ControlException($"no node answers at {_address}: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception)
        {
            throw new ControlException($"the node at {_address} has not answered within {patience.TotalSeconds:0.#} s", exception);
        }
        catch (JsonException exception)
        {
            throw new ControlException($"what answers at {_address} is no MeshNode of this version: {exception.Message}", exception);
        }
    }

    private static string DescribeProblem(HttpStatusCode status, string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ControlJson.Default.Problem) is { Detail: { } detail, Title: { } title }
                ? $"{title}: {detail}"
                : $"HTTP {(int)status}";
        }
        catch (JsonException)
        {
            return $"HTTP {(int)status}";
        }
    }
}

namespace MeshNode.Rtc.Sockets.Tests.Support;

internal static class LoopExtensions
{
    /// <summary>Runs on the loop; what it throws comes back here.</summary>
    public static Task<T> RunAsync<T>(this RtcEventLoop loop, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Execute(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task.WaitAsync(Limits.Wait);
    }
}

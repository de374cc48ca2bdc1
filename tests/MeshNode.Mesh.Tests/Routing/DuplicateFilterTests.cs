using MeshNode.Mesh.Routing;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Routing;

public sealed class DuplicateFilterTests
{
    private readonly DuplicateFilter<int> _filter = new(TimeSpan.FromSeconds(30), capacity: 3);

    [Fact]
    public void Key_is_new_once_within_the_window()
    {
        Assert.True(_filter.TryAdd(At(0), 1));
        Assert.False(_filter.TryAdd(At(29.999), 1));
        Assert.True(_filter.TryAdd(At(30), 1));
    }

    [Fact]
    public void Full_filter_forgets_the_oldest_and_says_so()
    {
        for (var key = 0; key < 4; key++)
        {
            Assert.True(_filter.TryAdd(At(key), key));
        }

        Assert.Equal(3, _filter.Count);
        Assert.Equal(1, _filter.Evicted);
        Assert.False(_filter.Contains(At(4), 0));
        Assert.True(_filter.Contains(At(4), 1));
    }

    [Fact]
    public void Expired_keys_leave_room_without_eviction()
    {
        for (var key = 0; key < 10; key++)
        {
            Assert.True(_filter.TryAdd(At(key * 15), key));
        }

        Assert.Equal(0, _filter.Evicted);
    }

    private static MonotonicTime At(double seconds) => MonotonicTime.FromMilliseconds(seconds * 1000);
}

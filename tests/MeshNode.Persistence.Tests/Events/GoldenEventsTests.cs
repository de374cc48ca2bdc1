using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

/// <summary>The files of <c>Events/Golden</c> are what old programs left in stores.</summary>
public sealed class GoldenEventsTests : PersistenceKit
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Events", "Golden");

    public GoldenEventsTests()
        : base(events: BankEvents.Types())
    {
    }

    private sealed record Golden(string Manifest, int Version, string Payload, string[] Expected)
    {
        public static Golden Parse(string line)
        {
            var sides = line.Split("=>");
            var parts = sides[0].Trim().Split(' ', 3);
            return new Golden(parts[0], int.Parse(parts[1], null), parts[2], sides[1].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
    }

    [Fact]
    public async Task Events_of_every_past_version_recover()
    {
        var golden = (await File.ReadAllLinesAsync(Path.Combine(Folder, "events.txt"))).Where(line => line[0] != '#').Select(Golden.Parse).ToArray();
        StoredEvent[] stored = [.. golden.Select((entry, index) => new StoredEvent(
            "a", index + 1, entry.Manifest, entry.Version, System.Text.Encoding.UTF8.GetBytes(entry.Payload), 0, []))];
        await Store.Inner.WriteAsync([new AtomicWrite("a", stored)], default);
        Actor();
        foreach (var expected in golden.SelectMany(entry => entry.Expected))
        {
            Assert.StartsWith($"recovered {expected}", ExpectMsg<string>(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
        }

        Expect("ready");
    }

    /// <summary>Who changes a shape by accident reads here what changed; who means it raises the version, adds an upcaster and a golden event.</summary>
    [Fact]
    public async Task Shapes_of_the_registered_types_are_those_that_were_agreed()
    {
        var actual = BankEvents.Types().DescribeShapes();
        await File.WriteAllTextAsync(Path.Combine(Folder, "shapes.actual.json"), actual + "\n"); // to be copied when the change is meant
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(Folder, "shapes.json"))).TrimEnd(), actual);
    }

    [Fact]
    public void A_changed_shape_changes_the_description()
    {
        var before = new EventTypes().Add<BankEvents.RenamedV1>("x").DescribeShapes();
        Assert.NotEqual(before, new EventTypes().Add<BankEvents.Renamed>("x").DescribeShapes());
        Assert.NotEqual(before, new EventTypes().Add<BankEvents.RenamedV1>("x", 2).DescribeShapes());
        Assert.Equal(before, new EventTypes().Add<BankEvents.RenamedV1>("x").DescribeShapes());
    }
}

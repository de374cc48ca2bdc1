namespace MeshNode.Persistence.Tests;

public sealed class DurableDirectoryTests
{
    [Fact]
    public void A_directory_is_flushed()
    {
        var directory = Directory.CreateTempSubdirectory("meshnode-durable-ü-");
        try
        {
            DurableDirectory.Flush(directory.FullName);
        }
        finally
        {
            directory.Delete();
        }
    }

    [Fact]
    public void A_missing_directory_is_an_error_with_its_name()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // nothing is asked there
        }

        var path = Path.Combine(Path.GetTempPath(), $"meshnode-missing-{Guid.NewGuid():N}");
        var error = Assert.Throws<IOException>(() => DurableDirectory.Flush(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}

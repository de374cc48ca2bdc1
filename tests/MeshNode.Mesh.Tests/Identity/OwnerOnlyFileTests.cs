using System.Runtime.Versioning;
using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Tests.Identity;

[UnsupportedOSPlatform("windows")]
public sealed class OwnerOnlyFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_is_read_and_only_the_owner_may()
    {
        var path = _directory.File("token");
        OwnerOnlyFile.Write(path, "secret");

        Assert.Equal("secret", OwnerOnlyFile.ReadText(path));
        Assert.Equal(OwnerOnlyFile.Mode, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Writing_again_replaces_the_whole()
    {
        var path = _directory.File("token");
        OwnerOnlyFile.Write(path, "a long first content");
        OwnerOnlyFile.Write(path, "short");

        Assert.Equal("short", OwnerOnlyFile.ReadText(path));
    }

    [Fact]
    public void Temporary_file_left_by_a_crash_is_no_obstacle()
    {
        var path = _directory.File("token");
        File.WriteAllText(path + ".new", "half");
        OwnerOnlyFile.Write(path, "whole");

        Assert.Equal("whole", OwnerOnlyFile.ReadText(path));
        Assert.Equal(OwnerOnlyFile.Mode, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void File_that_others_have_access_to_is_refused_with_what_mends_it(UnixFileMode looser)
    {
        var path = _directory.File("token");
        OwnerOnlyFile.Write(path, "secret");
        File.SetUnixFileMode(path, OwnerOnlyFile.Mode | looser);

        var error = Assert.Throws<IdentityException>(() => OwnerOnlyFile.Read(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"0{Convert.ToString((int)(OwnerOnlyFile.Mode | looser), 8)}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {path}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Missing_file_is_named()
    {
        var error = Assert.Throws<IdentityException>(() => OwnerOnlyFile.Read(_directory.File("none")));
        Assert.Contains(_directory.File("none"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_is_made_for_the_owner_only_and_a_looser_one_refused()
    {
        var path = _directory.File("data");
        OwnerOnlyFile.EnsureDirectory(path);
        Assert.Equal(OwnerOnlyFile.DirectoryMode, File.GetUnixFileMode(path));

        File.SetUnixFileMode(path, OwnerOnlyFile.DirectoryMode | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        var error = Assert.Throws<IdentityException>(() => OwnerOnlyFile.EnsureDirectory(path));
        Assert.Contains("0750", error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 700 {path}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_in_place_of_the_directory_is_one_clear_line()
    {
        var path = _directory.File("data");
        File.WriteAllText(path, "");

        var error = Assert.Throws<IdentityException>(() => OwnerOnlyFile.EnsureDirectory(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}

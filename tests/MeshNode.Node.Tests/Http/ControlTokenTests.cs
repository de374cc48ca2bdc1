using MeshNode.Mesh.Identity;
using MeshNode.Node.Http;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Http;

public sealed class ControlTokenTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_run_makes_a_token_that_only_the_owner_reads_and_the_next_keeps_it()
    {
        var path = _directory["control-token"];
        ControlToken.OpenOrCreate(path);
        var text = File.ReadAllText(path);
        Assert.Equal(64, text.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.True(ControlToken.OpenOrCreate(path).Matches(text));
    }

    [Fact]
    public void A_token_that_others_can_read_is_refused()
    {
        var path = _directory["control-token"];
        ControlToken.OpenOrCreate(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<IdentityException>(() => ControlToken.OpenOrCreate(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_too_short_is_refused()
    {
        OwnerOnlyFile.Write(_directory["control-token"], "guess");
        Assert.Throws<IdentityException>(() => ControlToken.OpenOrCreate(_directory["control-token"]));
    }
}

using MeshNode.Node.Hosting;

namespace MeshNode.Node.Tests.Hosting;

public sealed class LaunchCommandTests
{
    [Theory]
    [InlineData("/usr/bin/dotnet run -c Release --project src/MeshNode.Node -- run --data d", "run --data d", "dotnet run -c Release --project src/MeshNode.Node --")]
    [InlineData("dotnet run --project src/MeshNode.Node run", "run", "dotnet run --project src/MeshNode.Node --")]
    public void Dotnet_run_is_repeated_up_to_our_own_arguments(string parent, string own, string expected)
    {
        Assert.True(LaunchCommand.TryFindDotnetRun(parent.Split(' '), own.Split(' '), out var words));
        Assert.Equal(expected, string.Join(' ', words));
    }

    [Theory]
    [InlineData("bash -c meshnode", "run")]
    [InlineData("dotnet test -c Release", "run")]
    [InlineData("dotnet run -- run --data other", "run --data d")]
    [InlineData("dotnet", "run")]
    [InlineData("dotnet run", "run")]
    public void Another_parent_is_not_repeated(string parent, string own) =>
        Assert.False(LaunchCommand.TryFindDotnetRun(parent.Split(' '), own.Split(' '), out _));

    [Fact]
    public void Without_dotnet_run_the_command_is_the_executable() => Assert.True(File.Exists(LaunchCommand.Detect()[^1]) || LaunchCommand.Detect()[0] == "dotnet");
}

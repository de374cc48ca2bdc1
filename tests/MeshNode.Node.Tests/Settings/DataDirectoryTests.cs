using MeshNode.Node.Settings;

namespace MeshNode.Node.Tests.Settings;

public sealed class DataDirectoryTests
{
    [Theory]
    [InlineData("MESHNODE_DATA=/srv/mesh;XDG_STATE_HOME=/xdg;HOME=/h/ada", "/srv/mesh")]
    [InlineData("XDG_STATE_HOME=/xdg;HOME=/h/ada", "/xdg/meshnode")]
    [InlineData("XDG_STATE_HOME=relative;HOME=/h/ada", "/h/ada/.local/state/meshnode")]
    [InlineData("HOME=/h/ada", "/h/ada/.local/state/meshnode")]
    public void The_default_follows_the_environment(string variables, string expected)
    {
        var environment = variables.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected, DataDirectory.Default(environment.GetValueOrDefault));
    }
}

using MeshNode.Hocon.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeshNode.Hocon.Tests.Configuration;

public sealed class HoconConfigurationProviderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Objects_and_lists_become_keys_with_colons()
    {
        File.WriteAllText(_path, "node { http { bind = \"127.0.0.1:1\" }, join = [a, b], none = null, empty = [] }");
        var configuration = new ConfigurationBuilder().AddHoconFile(_path).Build();
        Assert.Equal("127.0.0.1:1", configuration["node:http:bind"]);
        Assert.Equal("127.0.0.1:1", configuration["Node:Http:Bind"]);
        Assert.Equal(["a", "b"], configuration.GetSection("node:join").GetChildren().Select(child => child.Value));
        Assert.Null(configuration["node:none"]);
        Assert.Equal("", configuration["node:empty"]);
    }

    [Fact]
    public void A_later_source_overrides_key_by_key()
    {
        File.WriteAllText(_path, "a { b = 1, c = 2 }");
        var configuration = new ConfigurationBuilder()
            .AddHoconFile(_path)
            .AddHocon(HoconObject.Empty("options").With("a.b", HoconScalar.Create("3", "--b")))
            .Build();
        Assert.Equal("3", configuration["a:b"]);
        Assert.Equal("2", configuration["a:c"]);
    }

    [Fact]
    public void The_provider_knows_where_a_key_was_written()
    {
        File.WriteAllText(_path, "a {\n  b = 1\n}");
        var provider = new HoconConfigurationProvider(() => HoconDocument.Load(_path));
        provider.Load();
        Assert.True(provider.TryGetPosition("a:b", out var position));
        Assert.Equal($"{_path}:2:7", position.ToString());
    }

    [Fact]
    public void A_broken_file_stops_the_build_with_its_place()
    {
        File.WriteAllText(_path, "a = [");
        var exception = Assert.Throws<HoconException>(() => new ConfigurationBuilder().AddHoconFile(_path).Build());
        Assert.StartsWith($"{_path}:1:6: expected ']'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_unless_it_is_optional()
    {
        Assert.Throws<FileNotFoundException>(() => new ConfigurationBuilder().AddHoconFile(_path).Build());
        Assert.Empty(new ConfigurationBuilder().AddHoconFile(_path, optional: true).Build().AsEnumerable());
    }
}

namespace MeshNode.Hocon.Tests.Resolving;

public sealed class HoconResolverTests
{
    [Fact]
    public void A_substitution_is_the_value_of_a_key_wherever_it_stands() =>
        Assert.Equal("5s", Read.Text("a = ${b.c}\nb { c = 5s }", "a"));

    [Fact]
    public void A_path_that_is_no_key_is_an_environment_variable() =>
        Assert.Equal("/h/ada/mesh", Read.Text("a = ${?HOME}/mesh", "a", ("HOME", "/h/ada")));

    [Fact]
    public void A_key_is_asked_before_the_environment() =>
        Assert.Equal("key", Read.Text("b = key\na = ${b}", "a", ("b", "variable")));

    [Fact]
    public void An_absent_optional_one_leaves_the_earlier_value() => Assert.Equal("1", Read.Text("a = 1\na = ${?NONE}", "a"));

    [Fact]
    public void A_present_optional_one_replaces_the_earlier_value() =>
        Assert.Equal("2", Read.Text("a = 1\na = ${?SET}", "a", ("SET", "2")));

    [Fact]
    public void An_absent_optional_one_sets_no_key_and_no_item()
    {
        Assert.Equal("(absent)", Read.Text("a = ${?NONE}", "a"));
        Assert.Equal("(absent)", Read.Text("a = ${?NONE} ${?NONE}", "a"));
        Assert.Equal("[1,2]", Read.Text("a = [1, ${?NONE}, 2]", "a"));
        Assert.Equal("xy", Read.Text("a = x${?NONE}y", "a"));
    }

    [Fact]
    public void Objects_side_by_side_merge_and_lists_append()
    {
        Assert.Equal("{x:1,y:3,z:4}", Read.Text("base { x = 1, y = 2 }\na = ${base} { y = 3, z = 4 }", "a"));
        Assert.Equal("[1,2,3]", Read.Text("l = [1, 2]\na = ${l} [3]", "a"));
    }

    [Fact]
    public void A_substituted_object_merges_under_the_key() =>
        Assert.Equal("{x:1,y:2}", Read.Text("base { x = 1 }\na = ${base}\na { y = 2 }", "a"));

    [Fact]
    public void A_key_may_build_on_its_own_earlier_value() =>
        Assert.Equal("[1,2,3]", Read.Text("a = [1]\na = ${a} [2]\na = ${a} [3]", "a"));

    [Fact]
    public void One_field_may_refer_to_its_neighbour() => Assert.Equal("{x:1,y:1}", Read.Text("a { x = 1, y = ${a.x} }", "a"));

    [Fact]
    public void Upper_texts_are_seen_by_lower_substitutions()
    {
        HoconText[] texts = [new("low", "dir = /low\nkey = ${dir}/key"), new("high", "dir = /high")];
        Assert.True(HoconDocument.TryParse(texts, null, null, out var root, out _));
        Assert.Equal("/high/key", Read.Show(root, "key"));
    }

    [Fact]
    public void Overrides_lie_over_every_text_and_keep_their_source()
    {
        var overrides = HoconObject.Empty("options").With("a.b", HoconScalar.Create("option", "--b"));
        Assert.True(HoconDocument.TryParse([new HoconText("low", "a { b = text, c = ${a.b} }")], overrides, null, out var root, out _));
        Assert.Equal("{b:option,c:option}", Read.Show(root, "a"));
        Assert.True(root.TryGetPath("a.b", out var value));
        Assert.Equal("--b", value.Position.ToString());
    }

    [Theory]
    [InlineData("a = ${none}", "test.conf:1:5: expected a key or an environment variable none for ${none}, found neither")]
    [InlineData("a = ${a}", "test.conf:1:5: expected a value, found that ${a} leads back to itself")]
    [InlineData("a = ${b}\nb = ${?a}", "test.conf:1:5: expected a value, found that ${b} leads back to itself")]
    [InlineData("a = [1] ${b}\nb = {c = 1}", "test.conf:1:5: expected values of one kind side by side, found a list and an object")]
    [InlineData("a = x ${b}\nb = [1]", "test.conf:1:5: expected values of one kind side by side, found 'x' and a list")]
    public void An_error_names_the_substitution(string text, string error) => Assert.Equal(error, Read.Error(text));

    [Fact]
    public void A_few_characters_cannot_grow_into_gigabytes_of_text()
    {
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"a{i} = ${{a{i + 1}}}${{a{i + 1}}}\n")) + "a60 = xxxxxxxx";
        Assert.Contains("expected substitutions that bring at most", Read.Error(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_characters_cannot_grow_into_gigabytes_of_lists()
    {
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"a{i} = [${{a{i + 1}}}, ${{a{i + 1}}}]\n")) + "a60 = 1";
        Assert.Contains("expected substitutions that bring at most", Read.Error(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_ends_in_an_error_and_not_in_a_full_stack()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i} = ${{a{i + 1}}}\n")) + "a20000 = 1";
        Assert.Contains("expected at most 256 substitutions", Read.Error(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_set_very_often_ends_in_an_error_and_not_in_a_full_stack() =>
        Assert.Contains(
            "expected at most 256 substitutions",
            Read.Error(string.Concat(Enumerable.Repeat("a = ${?NONE}\n", 20_000))),
            StringComparison.Ordinal);
}

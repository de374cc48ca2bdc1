namespace MeshNode.Hocon.Tests.Parsing;

public sealed class HoconParserTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a : 1", "1")]
    [InlineData("a=1", "1")]
    [InlineData("{ a = 1 }", "1")]
    [InlineData("{\"a\": \"1\"}", "1")]
    [InlineData("a =\n  1", "1")]
    [InlineData("# first\na = 1 // last\n", "1")]
    [InlineData("\uFEFFa = 1", "1")]
    [InlineData("a = 1,", "1")]
    [InlineData("a = 0\na = 1", "1")]
    [InlineData("a = 1\r\nb = 2\r\n", "1")]
    public void A_field_is_read_however_it_is_written(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text, "a"));

    [Theory]
    [InlineData("a = one two  three # four", "one two  three")]
    [InlineData("a = \"one # two\"", "one # two")]
    [InlineData("a = /var/lib/meshnode", "/var/lib/meshnode")]
    [InlineData("a = \"ws://localhost:7280/mesh\"", "ws://localhost:7280/mesh")]
    [InlineData("a = \"tab\\t quote\\\" \\u00e9\"", "tab\t quote\" é")]
    [InlineData("a = \"\"\"raw \\n \"quoted\" \"\"\"\"", "raw \\n \"quoted\" \"")]
    [InlineData("a = \"\"\"two\nlines\"\"\"", "two\nlines")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = 10s", "10s")]
    [InlineData("a = -1.5e3", "-1.5e3")]
    [InlineData("a = \"x\"y", "xy")]
    public void A_string_is_what_stands_there_without_its_marks(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text, "a"));

    [Theory]
    [InlineData("a = [1, 2, 3]", "[1,2,3]")]
    [InlineData("a = [1\n2\n\n3]", "[1,2,3]")]
    [InlineData("a = [1, 2, ]", "[1,2]")]
    [InlineData("a = []", "[]")]
    [InlineData("a = [[1], {b = 2}]", "[[1],{b:2}]")]
    [InlineData("a = [ # comment\n 1 // one\n , 2 ]", "[1,2]")]
    public void A_list_takes_commas_or_new_lines(string text, string expected) => Assert.Equal(expected, Read.Text(text, "a"));

    [Fact]
    public void An_object_needs_no_separator_before_its_brace() =>
        Assert.Equal("{b:{c:1}}", Read.Text("a { b { c = 1 } }", "a"));

    [Fact]
    public void A_dotted_key_is_an_object_in_an_object_and_a_quoted_one_is_not()
    {
        var root = Read.Document("a.b.c = 1\n\"x.y\" = 2");
        Assert.Equal("1", Read.Show(root, "a.b.c"));
        Assert.True(root.TryGetField("x.y", out _));
    }

    [Fact]
    public void Objects_under_one_key_merge_and_the_later_field_wins() =>
        Assert.Equal("{b:1,c:3,d:4}", Read.Text("a { b = 1, c = 2 }\na { c = 3, d = 4 }", "a"));

    [Fact]
    public void A_scalar_between_two_objects_ends_the_merge() =>
        Assert.Equal("{d:4}", Read.Text("a { b = 1 }\na = 5\na { d = 4 }", "a"));

    [Fact]
    public void A_later_list_replaces_an_earlier_one() => Assert.Equal("[3]", Read.Text("a = [1, 2]\na = [3]", "a"));

    [Fact]
    public void Null_is_a_word_only_in_quotation_marks()
    {
        var root = Read.Document("a = null, b = \"null\"");
        Assert.True(root.TryGetField("a", out var a) && ((HoconScalar)a).IsNull);
        Assert.True(root.TryGetField("b", out var b) && !((HoconScalar)b).IsNull);
    }

    [Fact]
    public void A_value_knows_where_it_stands()
    {
        var root = Read.Document("a {\n  b = 1\n}");
        Assert.True(root.TryGetPath("a.b", out var value));
        Assert.Equal(new HoconPosition("test.conf", 2, 7), value.Position);
    }

    [Theory]
    [InlineData("a 1", "test.conf:1:3: expected '=', ':' or '{' after the key a, found '1'")]
    [InlineData("a = ", "test.conf:1:5: expected a value, found the end of the text")]
    [InlineData("a = \nb = 2", "test.conf:2:3: expected ',' or the end of the line after the value, found '=' (a text with '=' in it must stand in quotation marks)")]
    [InlineData("a = 127.0.0.1:7280", "test.conf:1:14: expected ',' or the end of the line after the value, found ':' (a text with ':' in it must stand in quotation marks)")]
    [InlineData("a {\n  b = 1\n", "test.conf:3:1: expected '}' for the '{' at 1:3, found the end of the text")]
    [InlineData("a = [1, 2", "test.conf:1:10: expected ']' for the '[' at 1:5, found the end of the text")]
    [InlineData("a = [1 }", "test.conf:1:8: expected ',', ']' or the end of the line after the value, found '}' (a text with '}' in it must stand in quotation marks)")]
    [InlineData("a = \"one\nb = 2", "test.conf:1:9: expected the closing '\"' of the string that begins at 1:5, found the end of the line")]
    [InlineData("a = \"\"\"one", "test.conf:1:11: expected the closing '\"\"\"' of the string that begins at 1:5, found the end of the text")]
    [InlineData("a = \"\\x\"", "test.conf:1:7: expected an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hexadecimal digits, found 'x'")]
    [InlineData("a.", "test.conf:1:3: expected the rest of the path after '.', found the end of the text")]
    [InlineData("= 1", "test.conf:1:1: expected a key, found '='")]
    [InlineData("[1]", "test.conf:1:1: expected a key, found '['")]
    [InlineData("{ a = 1 } b", "test.conf:1:11: expected the end of the text after the outermost '}', found 'b'")]
    [InlineData("a = $b", "test.conf:1:6: expected '{' after '$', found 'b' (a text with '$' in it must stand in quotation marks)")]
    [InlineData("a = ${b", "test.conf:1:8: expected '}' after the path of a substitution, found the end of the text")]
    [InlineData("a += 1", "test.conf:1:3: expected '=', ':' or '{' after the key a, found '+' ('+=' is not supported yet: write the whole list)")]
    [InlineData("include \"b.conf\"", "test.conf:1:9: expected '=', ':' or '{' after the key include, found '\"' (including files is not supported yet)")]
    [InlineData("a = 1,, b = 2", "test.conf:1:7: expected a key, found ','")]
    public void An_error_says_where_what_was_expected_and_what_stood_there(string text, string error) =>
        Assert.Equal(error, Read.Error(text));

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{ a = ", "}")]
    public void Depth_is_bounded(string open, string close)
    {
        var deep = 1_000;
        var text = $"a = {string.Concat(Enumerable.Repeat(open, deep))}{string.Concat(Enumerable.Repeat(close, deep))}";
        Assert.Contains("expected at most 64 objects and lists within each other", Read.Error(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dotted_key_counts_a_level_a_segment() =>
        Assert.Contains(
            "expected at most 64 objects",
            Read.Error(string.Join('.', Enumerable.Repeat("a", 65)) + " = 1"),
            StringComparison.Ordinal);

    [Fact]
    public void A_text_beyond_the_limit_is_refused_unread() =>
        Assert.Contains("expected at most 1048576 characters", Read.Error(new string('#', HoconLimits.TextLength + 1)), StringComparison.Ordinal);
}

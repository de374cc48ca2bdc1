namespace MeshNode.Hocon.Tests;

/// <summary>The shortest way from a text to what a test claims about it.</summary>
internal static class Read
{
    public static HoconObject Document(string text, params (string Name, string Value)[] environment)
    {
        Assert.True(TryDocument(text, out var root, out var error, environment), error?.ToString());
        return root!;
    }

    public static string Error(string text)
    {
        Assert.False(TryDocument(text, out _, out var error, []));
        return error!.ToString();
    }

    public static string Text(string text, string path, params (string Name, string Value)[] environment) =>
        Show(Document(text, environment), path);

    /// <summary>A value in one line, JSON-like without quotation marks; "(absent)" where there is none.</summary>
    public static string Show(HoconObject root, string path) => root.TryGetPath(path, out var value) ? Show(value) : "(absent)";

    private static bool TryDocument(
        string text, out HoconObject? root, out HoconError? error, (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        return HoconDocument.TryParse([new HoconText("test.conf", text)], null, variables.GetValueOrDefault, out root, out error);
    }

    private static string Show(HoconValue value) => value switch
    {
        HoconScalar scalar => scalar.Text,
        HoconArray list => $"[{string.Join(",", list.Items.Select(Show))}]",
        HoconObject parent => $"{{{string.Join(",", parent.Fields.Select(field => $"{field.Key}:{Show(field.Value)}"))}}}",
        _ => throw new InvalidOperationException($"A {value.GetType().Name} left the resolver."),
    };
}

using System.Reflection;
using MeshNode.Hocon;

namespace MeshNode.Node.Settings;

/// <summary>
/// Lays options over the environment over the file over the embedded defaults, as HOCON over HOCON, so that each value
/// still knows where it was written when it turns out to be wrong.
/// </summary>
internal static class SettingsLoader
{
    private const string DefaultsName = "built-in meshnode.conf";

    /// <param name="options">Values by key; a list option has several.</param>
    /// <param name="configFile">A HOCON file; null for none.</param>
    /// <param name="environment">The process's variables.</param>
    /// <exception cref="NodeStartException">A file, key or value is wrong; says which and what would be valid.</exception>
    public static NodeSettings Load(
        IReadOnlyDictionary<SettingKey, IReadOnlyList<string>> options, string? configFile, Func<string, string?> environment)
    {
        var defaults = Parse([new HoconText(DefaultsName, ReadDefaults())], null, environment);
        List<HoconText> texts = [new(DefaultsName, ReadDefaults())];
        if (configFile is not null)
        {
            texts.Add(new HoconText(configFile, ReadFile(configFile)));
        }

        var overrides = HoconObject.Empty("");
        foreach (var key in SettingKey.All)
        {
            if (options.TryGetValue(key, out var values))
            {
                overrides = overrides.With(key.FullPath, ToValue(key, values, key.Option!));
            }
            else if (environment(key.Variable) is { Length: > 0 } variable)
            {
                string[] items = key.IsList
                    ? variable.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    : [variable];
                overrides = overrides.With(key.FullPath, ToValue(key, items, key.Variable));
            }
        }

        var root = Parse(texts, overrides, environment);
        CheckKeys(root, defaults, "");
        return new SettingsReader(root, environment).Read();
    }

    /// <summary>The reference file as it was when the program was built.</summary>
    public static string ReadDefaults()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("meshnode.conf")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static HoconValue ToValue(SettingKey key, IReadOnlyList<string> values, string source) =>
        key.IsList ? HoconArray.Create(values, source) : HoconScalar.Create(values[^1], source);

    private static HoconObject Parse(List<HoconText> texts, HoconObject? overrides, Func<string, string?> environment) =>
        HoconDocument.TryParse(texts, overrides, environment, out var root, out var error)
            ? root
            : throw new NodeStartException(error.ToString());

    private static string ReadFile(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= 4 * HoconLimits.TextLength // the longest UTF-8 that can hold that many characters
                ? File.ReadAllText(path)
                : throw new NodeStartException($"--config: {path} has {length} bytes; a configuration has at most {HoconLimits.TextLength} characters");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NodeStartException($"--config: there is no file {path}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"--config: {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses what the defaults do not have: a misspelt key would otherwise be silently without effect.</summary>
    private static void CheckKeys(HoconObject found, HoconObject known, string prefix)
    {
        foreach (var (name, value) in found.Fields)
        {
            if (!known.TryGetField(name, out var model))
            {
                var names = string.Join(", ", known.Fields.Select(field => prefix + field.Key));
                throw new NodeStartException($"{value.Position}: unknown key {prefix}{name}; known here: {names}");
            }

            if (model is HoconObject group)
            {
                var child = value as HoconObject
                    ?? throw new NodeStartException($"{value.Position}: {prefix}{name} is {value.Describe()}; it holds the keys {string.Join(", ", group.Fields.Select(field => field.Key))}");
                CheckKeys(child, group, $"{prefix}{name}.");
            }
        }
    }
}

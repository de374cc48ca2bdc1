namespace MeshNode.Node.Cli;

/// <summary>What the program has of the outside, as arguments: so that tests run it within their own process.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Environment">The process's variables.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Func<string, string?> Environment)
{
    public static Terminal OfProcess => new(Console.Out, Console.Error, System.Environment.GetEnvironmentVariable);

    /// <summary>One line on standard error, whatever the message holds.</summary>
    public void WriteError(string message) => Error.WriteLine($"meshnode: {message.ReplaceLineEndings(" ")}");
}

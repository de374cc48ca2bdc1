using System.Text;
using MeshNode.SimNet;

namespace MeshNode.Hocon.Tests.Parsing;

public sealed class HoconFuzzTests
{
    private const ulong Seed = 20261121;

    private static readonly string[] Corpus =
    [
        "a { b = 1, c = [1, 2, {d = 3}] }\n# comment\nx.y.z : \"text\\u0041\" // more\n",
        "base { t = 10s }\nother = ${base} { u = 64KiB }\nlist = [1] ${?none} [2]\np = ${?HOME}/x\n",
        "a = ${b}\nb = ${c}\nc = ${?a}\na = 1\na = ${a} two\n",
        "s = \"\"\"raw\ntext\"\"\"\nq = 'single'\nn = null, m = true\n\"k.l\".m = -1.5e3",
        "a=${b}${b}\nb=${c}${c}\nc=${d}${d}\nd=xxxxxxxx",
    ];

    [Fact]
    public void Mutated_texts_end_in_a_document_or_one_error_with_a_place()
    {
        var mutator = new Mutator(Seed, [.. Corpus.Select(Encoding.UTF8.GetBytes)]);
        var good = 0;
        var count = TestScale.Count("HOCON texts mutated", full: 1_000_000, plain: 100_000);
        for (var i = 0; i < count; i++)
        {
            var text = Encoding.UTF8.GetString(mutator.Next());
            try
            {
                if (HoconDocument.TryParse([new HoconText("fuzz", text)], null, _ => null, out var root, out var error))
                {
                    good++;
                    Assert.NotNull(root);
                }
                else
                {
                    Assert.Equal("fuzz", error.Position.Source);
                    Assert.InRange(error.Position.Line, 1, text.Count(c => c == '\n') + 1);
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Seed {Seed}, input {i}: {exception}\n{text}");
            }
        }

        Assert.InRange(good, 1, count - 1); // the corpus reaches both outcomes
    }
}

using System.Diagnostics;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Fuzzing;

/// <summary>
/// Mutates inputs, keeps those that make something new happen, and watches for what must not: an exception, an input that takes
/// very long or allocates very much, memory that is still held when all is over.
/// </summary>
internal static class Fuzzer
{
    private const int MaxCorpus = 4096;
    private const int MaxInput = 2048;
    private const long MaxGrowth = 48L * 1024 * 1024; // bytes held at the end: pools and corpus

    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(20); // of wall time, on a busy machine

    public static void Run(FuzzTarget target, int count, ulong seed)
    {
        var corpus = target.Seeds.ToList();
        var mutator = new Mutator(seed, corpus);
        var random = new SeededRandomSource(~seed);
        var features = new HashSet<ulong>();
        var session = new byte[target.InputsPerSession][];
        var input = new byte[MaxInput];
        var heldBefore = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var step = 0;
        for (var i = 0; i < count; i++)
        {
            if (step == 0)
            {
                target.Begin(seed + (ulong)i);
            }

            var next = mutator.Next();
            var length = Math.Min(next.Length, MaxInput);
            next[..length].CopyTo(input);
            session[step] = input.AsSpan(0, length).ToArray();
            var at = step;
            if (Execute(target, input.AsSpan(0, length), random, () => Describe(target, seed, i, session, at)) is { } feature
                && features.Add(feature) && corpus.Count < MaxCorpus)
            {
                corpus.Add(session[at]);
            }

            step++;
            if (step == session.Length || i == count - 1 || target.IsOver)
            {
                target.End();
                step = 0;
            }
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var growth = GC.GetTotalMemory(forceFullCollection: true) - heldBefore;
        Console.WriteLine(
            $"[fuzz] {target.Name}: {count:N0} inputs in {seconds:0.0} s, {features.Count} outcomes, {corpus.Count} kept, {growth / 1024:N0} KiB more held");
        Assert.True(growth < MaxGrowth, $"{target.Name}: {growth:N0} bytes are held after {count:N0} inputs");
    }

    /// <summary>Takes the inputs of one life of a target, as a failure printed them.</summary>
    public static void Replay(FuzzTarget target, IReadOnlyList<byte[]> inputs, ulong seed)
    {
        var random = new SeededRandomSource(~seed);
        target.Begin(seed);
        for (var i = 0; i < inputs.Count; i++)
        {
            var step = i;
            Execute(target, inputs[i].ToArray(), random, () => $"{target.Name}, input {step} of the regression");
        }

        target.End();
    }

    private static ulong? Execute(FuzzTarget target, Span<byte> input, RandomSource random, Func<string> describe)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        ulong feature;
        try
        {
            feature = target.Execute(input, random);
        }
        catch (Exception e)
        {
            Assert.Fail($"{describe()}\n{e}");
            return null;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated <= target.AllocationLimit, allocated <= target.AllocationLimit ? "" : $"{describe()}\nallocated {allocated:N0} bytes");
        var took = Stopwatch.GetElapsedTime(began);
        Assert.True(took < HangLimit, took < HangLimit ? "" : $"{describe()}\ntook {took}");
        return feature;
    }

    private static string Describe(FuzzTarget target, ulong seed, int i, byte[][] session, int step)
    {
        var inputs = string.Join('\n', session.Take(step + 1).Select(Convert.ToHexString));
        return $"{target.Name}, seed {seed}, input {i}; the inputs of this life, for the corpus (seed {seed + (ulong)(i - step)}):\n{inputs}";
    }
}

namespace MeshNode.Actors.Tests;

public sealed class MpscQueueTests
{
    [Fact]
    public void Messages_come_out_in_order_over_many_segments()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var queue = default(MpscQueue);
            var written = 0;
            var read = 0;
            for (var step = 0; step < 2_000; step++)
            {
                if (random.Next(100) < 60)
                {
                    queue.Enqueue(new Envelope(written++, ActorRefs.NoSender));
                }
                else if (queue.TryDequeue(out var envelope))
                {
                    Assert.Equal(read++, envelope.Message);
                }

                Assert.Equal(read < written, queue.CanDequeue());
            }

            while (queue.TryDequeue(out var envelope))
            {
                Assert.Equal(read++, envelope.Message);
            }

            Assert.Equal(written, read);
        }
    }

    [Fact]
    public void Queue_in_steady_state_allocates_nothing()
    {
        var queue = default(MpscQueue);
        var message = new object();
        Turn(ref queue, message, 1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Turn(ref queue, message, 100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Turn(ref MpscQueue queue, object message, int times)
    {
        for (var turn = 0; turn < times; turn++)
        {
            for (var count = 0; count < 8; count++)
            {
                queue.Enqueue(new Envelope(message, ActorRefs.NoSender));
            }

            while (queue.TryDequeue(out _))
            {
            }
        }
    }
}

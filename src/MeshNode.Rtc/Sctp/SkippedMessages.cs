namespace MeshNode.Rtc.Sctp;

/// <summary>Gathers what a FORWARD TSN or I-FORWARD-TSN says of messages that were given up.</summary>
internal static class SkippedMessages
{
    /// <summary>Notes a message as its stream's last; false when there is no room for another stream.</summary>
    public static bool TryNote(OutgoingMessage message, bool isInterleaving, Span<SkippedMessage> skipped, ref int count)
    {
        var isUnordered = message.Options.IsUnordered;
        if (isUnordered && !isInterleaving)
        {
            return true;
        }

        var last = new SkippedMessage(message.StreamId, isUnordered, message.Mid);
        for (var i = count - 1; i >= 0; i--)
        {
            if (skipped[i].StreamId == last.StreamId && skipped[i].IsUnordered == isUnordered)
            {
                skipped[i] = last; // MIDs ascend with TSNs
                return true;
            }
        }

        if (count == skipped.Length)
        {
            return false;
        }

        skipped[count++] = last;
        return true;
    }
}

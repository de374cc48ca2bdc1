namespace MeshNode.Rtc.DataChannels;

/// <summary>
/// Gives ids to channels that are opened in-band: even ones to the DTLS client, odd ones to the server (RFC 8832 §6). Ids are
/// used in turn, so that a closed channel's id comes again as late as possible.
/// </summary>
internal sealed class StreamIdAllocator
{
    /// <summary>RFC 8832 §6: 65,535 is not a valid id.</summary>
    public const ushort MaxId = 65534;

    private int _first;
    private int _next = -1;

    public bool IsParityKnown => _next >= 0;

    public void SetParity(bool isEven)
    {
        _first = isEven ? 0 : 1;
        _next = _first;
    }

    /// <summary>False when every id of our parity is in use.</summary>
    public bool TryAllocate(Dictionary<ushort, DataChannel> inUse, out ushort id)
    {
        for (var attempts = 0; attempts <= MaxId / 2; attempts++)
        {
            id = (ushort)_next;
            _next = _next + 2 > MaxId ? _first : _next + 2;
            if (!inUse.ContainsKey(id))
            {
                return true;
            }
        }

        id = 0;
        return false;
    }
}

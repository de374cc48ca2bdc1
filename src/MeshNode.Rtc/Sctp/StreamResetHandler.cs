using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Stream re-configuration (RFC 6525), as far as data channels use it (RFC 8831 §6.7): resets of outgoing streams, asked for by
/// either side. One request of ours is outstanding at a time; further streams wait for its answer.
/// </summary>
internal sealed class StreamResetHandler(Tsn localInitialTsn, Tsn peerInitialTsn, SendQueue sendQueue, IReassemblyQueue reassembly, Queue<SctpEvent> events)
{
    private const int MaxStreamsPerRequest = 128; // 16 + 256 bytes: fits any packet

    private readonly List<(StreamId Id, Tsn? LastTsn)> _waiting = []; // to be reset; with no TSN while something is queued
    private readonly List<StreamId> _requested = []; // in the outstanding request
    private readonly List<StreamId> _deferred = []; // of the far side's request that waits for data
    private readonly Queue<ReConfigurationResponse> _responses = new();
    private uint _nextRequest = localInitialTsn.Value;
    private uint _expectedPeerRequest = peerInitialTsn.Value;
    private ReConfigurationResult _lastResult = ReConfigurationResult.NothingToDo;
    private Tsn _requestLastTsn;
    private bool _isRequestDue;
    private bool _isDeferred;
    private bool _isDeferredForAll;
    private Tsn _deferredLastTsn;

    /// <summary>A request of ours is unanswered: the ReConfig timer runs.</summary>
    public bool IsRequestOutstanding => _requested.Count > 0;

    /// <summary>
    /// Asks for a reset once all that the stream has queued was sent and acknowledged: RFC 6525 §5.1.2 lets it leave before that, but
    /// then aiortc and libwebrtc lose what is still to be sent again.
    /// </summary>
    public void Request(StreamId streamId)
    {
        if (!_waiting.Exists(waiting => waiting.Id == streamId) && !_requested.Contains(streamId))
        {
            _waiting.Add((streamId, null));
        }
    }

    /// <summary>The ReConfig timer expired: the same request goes again (RFC 6525 §5.1.1).</summary>
    public void HandleTimeout() => _isRequestDue = IsRequestOutstanding;

    /// <summary>Something of this handler must be sent.</summary>
    public bool IsDue(TransmissionControl transmission) =>
        _responses.Count > 0 || _isRequestDue || (_waiting.Count > 0 && !IsRequestOutstanding && HasDrained(transmission));

    /// <summary>Writes what is due. True in <paramref name="requestSent"/> when the ReConfig timer must run.</summary>
    public void Write(ref PacketWriter writer, TransmissionControl transmission, out bool requestSent)
    {
        requestSent = false;
        Span<byte> value = stackalloc byte[OutgoingSsnResetRequest.FixedLength + (MaxStreamsPerRequest * 2)];
        while (_responses.TryPeek(out var response))
        {
            if (!writer.TryReserve(ChunkHeader.Length + TypeLengthValue.HeaderLength + ReConfigurationResponse.Length, out var chunk))
            {
                return;
            }

            response.Write(value);
            WriteChunk(chunk, ParameterType.ReConfigurationResponse, value[..ReConfigurationResponse.Length]);
            _responses.Dequeue();
        }

        if (!IsRequestOutstanding)
        {
            BeginRequest(transmission);
        }

        if (_isRequestDue)
        {
            Span<StreamId> streams = stackalloc StreamId[_requested.Count];
            for (var i = 0; i < streams.Length; i++)
            {
                streams[i] = _requested[i];
            }

            var length = OutgoingSsnResetRequest.Write(value, _nextRequest, _expectedPeerRequest - 1, _requestLastTsn, streams);
            if (writer.TryReserve(ChunkHeader.Length + TypeLengthValue.HeaderLength + length, out var chunk))
            {
                WriteChunk(chunk, ParameterType.OutgoingSsnResetRequest, value[..length]);
                _isRequestDue = false;
                requestSent = true;
            }
        }
    }

    /// <summary>Reads a RE-CONFIG's parameters. <paramref name="answered"/>: our request is done and its timer must stop.</summary>
    public void Handle(in ReConfigChunk chunk, Tsn cumulativeTsn, out bool answered)
    {
        answered = false;
        var reader = new TypeLengthValueReader<ParameterType>(chunk.Parameters);
        while (reader.TryRead(out var type, out var value))
        {
            switch (type)
            {
                case ParameterType.OutgoingSsnResetRequest when OutgoingSsnResetRequest.TryParse(value, out var request):
                    HandleOutgoingRequest(request, cumulativeTsn);
                    break;
                case ParameterType.IncomingSsnResetRequest when IncomingSsnResetRequest.TryParse(value, out var request):
                    HandleIncomingRequest(request);
                    break;
                case ParameterType.ReConfigurationResponse when ReConfigurationResponse.TryParse(value, out var response):
                    answered |= HandleResponse(response);
                    break;
                case ParameterType.SsnTsnResetRequest or ParameterType.AddOutgoingStreamsRequest or ParameterType.AddIncomingStreamsRequest
                    when value.Length >= 4:
                    // Data channels have all the streams they can use from the beginning, and never reset TSNs.
                    if (IsNextRequest(BinaryPrimitives.ReadUInt32BigEndian(value)))
                    {
                        Finish(ReConfigurationResult.Denied);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The cumulative point moved: a deferred reset may be due now.</summary>
    public void HandleCumulativeAdvance(Tsn cumulativeTsn)
    {
        if (_isDeferred && cumulativeTsn >= _deferredLastTsn)
        {
            _isDeferred = false;
            Perform(_deferred, _isDeferredForAll);
            reassembly.SetResetBarrier(null);
            _lastResult = ReConfigurationResult.Performed;
            Respond(_expectedPeerRequest - 1, _lastResult); // sooner than the far side asks again
        }
    }

    private bool HasDrained(TransmissionControl transmission)
    {
        var hasDrained = false;
        foreach (ref var waiting in CollectionsMarshal.AsSpan(_waiting))
        {
            if (sendQueue.Stream(waiting.Id).IsEmpty)
            {
                waiting.LastTsn ??= transmission.LastAssignedTsn;
                hasDrained |= waiting.LastTsn <= transmission.CumulativeTsnAck;
            }
        }

        return hasDrained;
    }

    private void BeginRequest(TransmissionControl transmission)
    {
        for (var i = 0; i < _waiting.Count && _requested.Count < MaxStreamsPerRequest; i++)
        {
            var stream = sendQueue.Stream(_waiting[i].Id);
            if (stream.IsEmpty && _waiting[i].LastTsn is { } last && last <= transmission.CumulativeTsnAck)
            {
                stream.IsPaused = true;
                _requested.Add(stream.Id);
                _waiting.RemoveAt(i--);
            }
        }

        if (_requested.Count > 0)
        {
            _requestLastTsn = transmission.LastAssignedTsn;
            _isRequestDue = true;
        }
    }

    /// <summary>RFC 6525 §5.2.1: the expected number is taken, the one before it is answered again, any other refused.</summary>
    private bool IsNextRequest(uint sequenceNumber)
    {
        if (sequenceNumber == _expectedPeerRequest)
        {
            return true;
        }

        Respond(sequenceNumber, sequenceNumber == _expectedPeerRequest - 1 ? _lastResult : ReConfigurationResult.BadSequenceNumber);
        return false;
    }

    private void HandleOutgoingRequest(in OutgoingSsnResetRequest request, Tsn cumulativeTsn)
    {
        if (!IsNextRequest(request.RequestSequenceNumber))
        {
            return;
        }

        if (_isDeferred)
        {
            Respond(request.RequestSequenceNumber, ReConfigurationResult.AlreadyInProgress);
            return;
        }

        _deferred.Clear();
        for (var i = 0; i < request.StreamCount; i++)
        {
            _deferred.Add(request.Stream(i));
        }

        _isDeferredForAll = request.StreamCount == 0;
        if (request.SenderLastTsn > cumulativeTsn)
        {
            // §5.2.2, E2: "If the Sender's Last Assigned TSN is greater than the cumulative acknowledgment point … 'In progress'".
            _isDeferred = true;
            _deferredLastTsn = request.SenderLastTsn;
            reassembly.SetResetBarrier(request.SenderLastTsn);
            Finish(ReConfigurationResult.InProgress);
            return;
        }

        Perform(_deferred, _isDeferredForAll);
        Finish(ReConfigurationResult.Performed);
    }

    private void HandleIncomingRequest(in IncomingSsnResetRequest request)
    {
        if (!IsNextRequest(request.RequestSequenceNumber))
        {
            return;
        }

        for (var i = 0; i < request.StreamCount; i++)
        {
            if (sendQueue.TryGetStream(request.Stream(i), out _))
            {
                Request(request.Stream(i)); // §5.2.3: the reset itself is the answer that counts
            }
        }

        Finish(request.StreamCount > 0 ? ReConfigurationResult.Performed : ReConfigurationResult.Denied);
    }

    private bool HandleResponse(ReConfigurationResponse response)
    {
        if (!IsRequestOutstanding || response.ResponseSequenceNumber != _nextRequest || response.Result == ReConfigurationResult.InProgress)
        {
            return false; // in progress: the timer asks again
        }

        var isReset = response.Result is ReConfigurationResult.Performed or ReConfigurationResult.NothingToDo;
        foreach (var streamId in _requested)
        {
            var stream = sendQueue.Stream(streamId);
            if (isReset)
            {
                stream.ResetNumbers();
            }

            sendQueue.Resume(stream);
            events.Enqueue(new SctpEvent(SctpEventKind.OutgoingStreamReset, streamId));
        }

        _requested.Clear();
        _isRequestDue = false;
        _nextRequest++;
        return true;
    }

    private void Perform(List<StreamId> streams, bool isAll)
    {
        if (isAll)
        {
            reassembly.ResetAllStreams();
            events.Enqueue(new SctpEvent(SctpEventKind.AllIncomingStreamsReset));
            return;
        }

        foreach (var streamId in streams)
        {
            reassembly.ResetStream(streamId);
            events.Enqueue(new SctpEvent(SctpEventKind.IncomingStreamReset, streamId));
        }
    }

    private void Finish(ReConfigurationResult result)
    {
        _lastResult = result;
        Respond(_expectedPeerRequest++, result);
    }

    private void Respond(uint sequenceNumber, ReConfigurationResult result)
    {
        if (_responses.Count < 8)
        {
            _responses.Enqueue(new ReConfigurationResponse(sequenceNumber, result));
        }
    }

    private static void WriteChunk(Span<byte> chunk, ParameterType type, ReadOnlySpan<byte> value)
    {
        ChunkHeader.Write(chunk, ChunkType.ReConfig);
        var parameter = chunk[ChunkHeader.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(parameter, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(parameter[2..], (ushort)parameter.Length);
        value.CopyTo(parameter[TypeLengthValue.HeaderLength..]);
    }
}

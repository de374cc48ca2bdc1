using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc;

/// <summary>Something that happened on a <see cref="PeerConnection"/>; <paramref name="Kind"/> says which fields count.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Channel">Of channel events and messages.</param>
/// <param name="Data">A message's bytes, valid until the next TryReadEvent.</param>
/// <param name="MessageKind">Text or binary.</param>
/// <param name="Path">Of PathAuthenticated and SelectedPathChanged.</param>
/// <param name="Candidate">Of IceCandidateGathered.</param>
/// <param name="Error">Of ConnectionStateChanged, when something failed.</param>
/// <param name="State">Of ConnectionStateChanged: the state then entered.</param>
public readonly record struct PeerConnectionEvent(
    PeerConnectionEventKind Kind,
    DataChannel? Channel = null,
    ReadOnlyMemory<byte> Data = default,
    DataChannelMessageKind MessageKind = default,
    TransportPath Path = default,
    IceCandidate? Candidate = null,
    RtcError? Error = null,
    PeerConnectionState State = default);

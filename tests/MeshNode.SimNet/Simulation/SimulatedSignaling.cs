using MeshNode.Rtc;
using MeshNode.Rtc.Ice;

namespace MeshNode.SimNet.Simulation;

/// <summary>Carries descriptions and candidates between two peers, late but reliably; left offers, and restarts ICE when a side has failed.</summary>
internal sealed class SimulatedSignaling(SimulatedPeer left, SimulatedPeer right, TimeSpan delay)
{
    private readonly Agenda _agenda = new();
    private bool _isRestartPlanned;

    public MonotonicTime? Next => _agenda.Next;

    /// <summary>What a side refused; a simulation expects nothing of it.</summary>
    public RtcError? Error { get; private set; }

    public void RunDue(MonotonicTime now) => _agenda.RunDue(now);

    public void Offer(MonotonicTime now, bool iceRestart)
    {
        var offer = left.Connection.CreateOffer(iceRestart);
        left.Connection.SetLocalDescription(now, offer);
        var at = now + delay;
        _agenda.Add(at, () => Receive(at, right, offer));
    }

    public void SendCandidate(MonotonicTime now, SimulatedPeer from, IceCandidate candidate)
    {
        var to = from == left ? right : left;
        var at = now + delay;
        _agenda.Add(at, () =>
        {
            if (!to.HasVanished && !to.Connection.TryAddIceCandidate(at, candidate.ToSdp(), candidate.UsernameFragment, out var error))
            {
                Error ??= error;
            }
        });
    }

    /// <summary>Left restarts ICE a little later, unless that is under way.</summary>
    public void PlanRestart(MonotonicTime now)
    {
        if (_isRestartPlanned)
        {
            return;
        }

        _isRestartPlanned = true;
        var at = now + delay + TimeSpan.FromMilliseconds(200);
        _agenda.Add(at, () =>
        {
            _isRestartPlanned = false;
            if (left.HasVanished || right.HasVanished)
            {
                return;
            }

            if (left.Connection.SignalingState == SignalingState.Stable)
            {
                Offer(at, iceRestart: true);
            }
            else if (left.Connection.SignalingState != SignalingState.Closed)
            {
                PlanRestart(at); // an answer is under way
            }
        });
    }

    private void Receive(MonotonicTime now, SimulatedPeer to, SessionDescription description)
    {
        if (to.HasVanished || to.Connection.SignalingState == SignalingState.Closed)
        {
            return;
        }

        if (!to.Connection.TrySetRemoteDescription(now, description, out var error))
        {
            Error ??= error;
        }
        else if (description.Type == SdpType.Offer)
        {
            var answer = to.Connection.CreateAnswer();
            to.Connection.SetLocalDescription(now, answer);
            var at = now + delay;
            _agenda.Add(at, () => Receive(at, left, answer));
        }
    }
}

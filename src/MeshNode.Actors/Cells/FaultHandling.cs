namespace MeshNode.Actors;

/// <summary>
/// Failure, restart and end of a cell. Owns the suspension that supervision causes: each failure, each suspension by an
/// ancestor adds one, each decision takes one. Touched by the cell's run; made when a cell first needs it.
/// </summary>
internal sealed class FaultHandling(ActorCell cell)
{
    private InternalActorRef? _perpetrator; // whose failure suspended the cell: itself, or a child when escalated
    private ChildrenAwaited _awaited;
    private Exception? _recreationCause;
    private ActorBase? _failedActor;
    private object? _failedMessage;
    private List<SystemMessage>? _waiting;

    public bool IsTerminating => _awaited == ChildrenAwaited.Termination;

    public bool IsWaitingForChildren => _awaited != ChildrenAwaited.None;

    /// <summary>Keeps a message back that must not be handled in this state.</summary>
    public bool TryKeepBack(SystemMessage message)
    {
        var keep = (IsWaitingForChildren && message.WaitsForChildren) || (_perpetrator is not null && message.WaitsWhileFailed);
        if (keep && !IsTerminating)
        {
            (_waiting ??= []).Add(message);
        }

        return keep;
    }

    /// <summary>Handles what was kept back, as far as the state now allows.</summary>
    public void HandleKeptBack()
    {
        while (_waiting is { Count: > 0 } && !IsTerminating)
        {
            var messages = _waiting;
            _waiting = null;
            var before = messages.Count;
            foreach (var message in messages)
            {
                cell.SystemInvoke(message, handleKeptBack: false);
            }

            if (_waiting is not null && _waiting.Count >= before)
            {
                return;
            }
        }
    }

    /// <summary>An exception escaped the actor: wait for the parent's decision.</summary>
    /// <param name="perpetrator">The child whose failure is passed on, or null for the actor itself.</param>
    /// <param name="notToSuspend">Children that decide for themselves already.</param>
    public void Fail(Exception cause, LocalActorRef? perpetrator, IReadOnlyCollection<IActorRef> notToSuspend)
    {
        if (_perpetrator is not null || IsTerminating)
        {
            cell.Log.Error(cause, "Failure of an actor that has failed already");
            return;
        }

        cell.Mailbox.Suspend();
        _perpetrator = perpetrator ?? (InternalActorRef)cell.Self;
        _failedMessage = cell.CurrentMessage;
        foreach (var child in cell.ChildrenSnapshot())
        {
            if (!ReferenceEquals(child, perpetrator) && !notToSuspend.Contains(child))
            {
                child.SendSystemMessage(new SuspendMessage());
            }
        }

        cell.Self.Parent.SendSystemMessage(new FailedMessage(cell.Self, cause));
    }

    public void Suspend()
    {
        cell.Mailbox.Suspend();
        foreach (var child in cell.ChildrenSnapshot())
        {
            child.SendSystemMessage(new SuspendMessage());
        }
    }

    public void Resume(Exception? causedByFailure)
    {
        if (cell.Actor is null)
        {
            CreateAgain(); // it never started: there is nothing to go on with
            return;
        }

        var perpetrator = _perpetrator;
        cell.Mailbox.Resume();
        if (causedByFailure is not null)
        {
            ClearFailed();
        }

        foreach (var child in cell.ChildrenSnapshot())
        {
            child.SendSystemMessage(new ResumeMessage(ReferenceEquals(child, perpetrator) ? causedByFailure : null));
        }
    }

    /// <summary>Ends this incarnation; the next begins when the children that it stopped have stopped.</summary>
    public void Recreate(Exception cause)
    {
        if (cell.Actor is not { } failed)
        {
            CreateAgain();
            return;
        }

        cell.AbandonAsync();
        _failedActor = failed;
        try
        {
            failed.InvokePreRestart(cause, _failedMessage);
        }
        catch (Exception e)
        {
            cell.Log.Error(e, "PreRestart failed");
        }

        cell.DropActor();
        _recreationCause = cause;
        if (!WaitForChildren(ChildrenAwaited.Recreation))
        {
            FinishRecreate();
        }
    }

    public void Terminate()
    {
        if (IsTerminating)
        {
            return;
        }

        cell.AbandonAsync();
        cell.SetReceiveTimeout(null);
        cell.CloseToChildren();
        cell.Mailbox.Suspend();
        cell.StopChildren(unwatch: false);
        _waiting = null;
        if (!WaitForChildren(ChildrenAwaited.Termination))
        {
            cell.FinishTerminate();
        }
    }

    /// <summary>A child has stopped and been removed: goes on if it was the last one waited for.</summary>
    public void ChildRemoved()
    {
        if (!IsWaitingForChildren || cell.Children!.HasStopping)
        {
            return;
        }

        var awaited = _awaited;
        switch (awaited)
        {
            case ChildrenAwaited.Creation:
                _awaited = ChildrenAwaited.None;
                FinishCreate();
                break;
            case ChildrenAwaited.Recreation:
                _awaited = ChildrenAwaited.None;
                FinishRecreate();
                break;
            case ChildrenAwaited.Termination:
                cell.FinishTerminate(); // stays terminating for good
                break;
        }
    }

    private bool WaitForChildren(ChildrenAwaited reason)
    {
        if (cell.Children is { HasStopping: true } || reason == ChildrenAwaited.Termination)
        {
            _awaited = reason;
        }

        return cell.Children is { HasStopping: true };
    }

    private void CreateAgain()
    {
        cell.StopChildren();
        if (!WaitForChildren(ChildrenAwaited.Creation))
        {
            FinishCreate();
        }
    }

    private void FinishCreate()
    {
        cell.Mailbox.Resume();
        ClearFailed();
        cell.CreateActor();
    }

    private void FinishRecreate()
    {
        var cause = _recreationCause!;
        var failed = _failedActor;
        _recreationCause = null;
        _failedActor = null;
        var survivors = cell.ChildrenSnapshot();
        try
        {
            cell.Mailbox.Resume();
            ClearFailed();
            var fresh = cell.NewActor();
            if (ReferenceEquals(fresh, failed))
            {
                throw new InvalidOperationException("Props gave the incarnation that failed once more: its producer must make a new actor each time.");
            }

            fresh.InvokePostRestart(cause);
        }
        catch (Exception e)
        {
            cell.DropActor();
            cell.HandleInvokeFailure(new PostRestartException(cell.Self, e, cause), survivors);
            return;
        }

        foreach (var child in survivors)
        {
            child.SendSystemMessage(new RecreateMessage(cause));
        }
    }

    private void ClearFailed()
    {
        _perpetrator = null;
        _failedMessage = null;
    }
}

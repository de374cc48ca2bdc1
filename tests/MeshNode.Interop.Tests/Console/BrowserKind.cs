namespace MeshNode.Interop.Tests.Console;

/// <summary>Which candidates the browser offers.</summary>
public enum BrowserKind
{
    /// <summary>Every interface's, loopback among them: started with switches, and the page has a microphone.</summary>
    OffersLoopback,

    /// <summary>One interface's, behind an mDNS name: no switches, no permission.</summary>
    AsPeopleHaveIt,
}

using System.Runtime.Versioning;

// File modes and signals are part of what these tests claim.
[assembly: UnsupportedOSPlatform("windows")]

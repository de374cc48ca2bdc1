namespace MeshNode.Rtc.Ice;

/// <summary>RFC 8445 §6.1.1: the controlling agent nominates the pair that both use.</summary>
public enum IceRole
{
    Controlling,
    Controlled,
}

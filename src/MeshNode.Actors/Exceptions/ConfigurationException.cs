namespace MeshNode.Actors;

/// <summary>Something that was named is not set up.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException()
    {
    }

    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

namespace MeshNode.Actors;

public interface IDecider
{
    Directive Decide(Exception cause);
}

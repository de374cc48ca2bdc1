// The only file that names our namespaces: beside each, the Akka.NET namespaces that it replaces.
global using MeshNode.Actors; // Akka.Actor, Akka.Actor.Setup, Akka.Pattern, Akka.Dispatch, Akka
global using MeshNode.Actors.Event; // Akka.Event
global using MeshNode.Actors.Routing; // Akka.Routing
global using MeshNode.Actors.TestKit; // Akka.TestKit, Akka.TestKit.Xunit2
global using MeshNode.Persistence; // Akka.Persistence

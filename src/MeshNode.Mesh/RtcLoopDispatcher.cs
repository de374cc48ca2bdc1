using MeshNode.Actors;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Mesh;

/// <summary>Runs actors on an event loop's thread: the peers whose connections belong to that loop, and nobody else.</summary>

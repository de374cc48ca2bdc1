Console.Error.WriteLine("usage: MeshNode.Benchmarks quick [--json FILE]");
return 2;

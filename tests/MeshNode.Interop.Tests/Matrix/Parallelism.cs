// Most tests of this assembly wait for other programs: two cores carry four of them.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

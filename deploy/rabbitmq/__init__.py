"""The broker's topology, generated from the services' contracts: the only place that declares it."""

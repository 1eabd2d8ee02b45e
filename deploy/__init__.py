"""How Marelle is set up, run and watched: local runs, simulators, broker definitions, the demo town."""

"""The law as data: definitions, their loader and prover, and one module per kind of step."""

"""The ways out of the house: each a small port, with a twin that sends nothing."""

"""Runs: what a scenario asks for, with its changes and without, for every seed."""

"""The engine: what happened in every iteration, forward and back."""

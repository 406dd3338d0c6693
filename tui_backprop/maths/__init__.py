"""What can be said about expressions: their trees, values, derivatives and writing."""

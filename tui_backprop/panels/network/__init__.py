"""The picture of a network of layers: a column for each layer, and one bar between two columns for all their edges."""

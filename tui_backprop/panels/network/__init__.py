"""The picture of a network of layers: a column for each layer, and one bar between two columns for all their edges.

Read in this order:

`marks`         what the step marks in the layers
`folds`         which neurons of a column are in sight
`layer_columns` what takes which cells in a column
`choice`        which columns are drawn in full, which as a box
`placing`       in which row and cell everything stands
`canvas`        what has been put on the picture so far
`bars`          how the wires between two columns look where they are many
`fan`           how they look where each is a line of its own
`contents`      what is written in a column
`notes`         what the lines below the picture say
`picture`       the whole picture at the cursor
"""

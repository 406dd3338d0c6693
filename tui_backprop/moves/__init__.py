"""What the learner can do: from a session to the next one. Read in this order:

`move`       what a move is
`along`      one step, node, phase, example or iteration on or back
`by_layers`  a network's equations as matrices, and the way from layer to layer
`go_to`      a place in words
`reading`    a derivation, a second proof or all that is said of a step, opened and gone through
`focus`      which parameter's chain is written out
`split_view` an iteration split into elementary operations
`move_table` every move, which keys, footer, help and palette read
"""

"""What the learner can do: from a session to the next one. Read in this order:

`move`       what a move is
`along`      one step, node, phase, example or iteration on or back
`by_layers`  a network's equations as matrices, and the way from layer to layer
`go_to`      a place in words
`comparing`  a learner's own gradients beside a lesson's, and what is wrong with them
`opening`    a lesson at a place, anew, and by which command
`reading`    a derivation, a second proof or all that is said of a step, opened and gone through
`inspecting` where the numbers of a line come from, and the way there
`focus`      which parameter's chain is written out
`answer_words` what is said of an answer
`trying`     the next number asked for, and the answer judged
`what_if`    a run from here with something set otherwise, and back
`slip_twin`  the same lesson with a slip in it
`saving`     a what-if as a scenario file
`split_view` an iteration split into elementary operations
`move_table` every move, which keys, footer, help and palette read
"""

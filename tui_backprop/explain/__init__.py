"""Why a number is what it is. Read in this order:

`remedies`         what helps where a number stops being finite
`remarks`          what should be said about a step beyond its number
`observations`     what a step shows of the run
`first_words`      the words of the screen, where they first come up
`path_derivations` the derivation of any derivative of a graph
`mean_derivation`  the same over all examples of an iteration
`nudged`           a number as a function of one name that it depends on
`chain_in_focus`   whose chain of factors a step belongs to
`surface`          the loss where the parameters are not
`input_plane`      a net's nodes over the plane of its two inputs
`second_proof`     a derivative held against what nudging shows
`nudge`            the table of nudges that a learner reads
"""

"""Why a number is what it is. Read in this order:

`remedies`         what helps where a number stops being finite
`remarks`          what should be said about a step beyond its number
`observations`     what a step shows of the run
`first_words`      the words of the screen, where they first come up
`path_derivations` the derivation of any derivative of a graph
`mean_derivation`  the same over all examples of an iteration
`layer_derivation` why an equation of matrices has the form that it has
`nudged`           a number as a function of one name that it depends on
`chain_in_focus`   whose chain of factors a step belongs to
`surface`          the loss where the parameters are not
`input_plane`      a net's nodes over the plane of its two inputs
`second_proof`     a derivative held against what nudging shows
`provenance`       where a number comes from, and where it goes
`nudge`            the table of nudges that a learner reads
`slips`            the table of slips: what each does to a step's tree
`slipped_run`      a lesson's run with a slip in it
`slips_at_step`    what each slip would give as the number of a step
`questions`        where a question stands, and which steps are worth asking for
`answers`          whether an answer is right, and which slip a wrong one comes from
`given_gradients`  gradients that somebody else computed, as one number for each name
`slip_search`      the slips from which such gradients follow
`diagnosis`        where they go wrong, and by which slip
`own_gradients`    beside which steps they stand
"""

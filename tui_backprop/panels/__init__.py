"""From a Session to lines of (text, role), with no toolkit in sight. Read in this order:

`lines`            what panels hand to whoever shows them
`symbols`          how a step is named on the left of its equation
`statements`       what a step states, in symbols and in numbers
`step_words`       what is said about a step in words, kind by kind
`chain`            the factors that multiply to the gradient in focus
`own_numbers`      a learner's own gradients beside those of the run
`equations_panel`  what is computed: the steps of the iteration, and the chain
`matrix_blocks`    a matrix in brackets
`matrices_panel`   the equations of a network's layers, with numbers in matrices
`derivation_panel` how a derivation reads
`nudge_panel`      how the second proof reads
`inspect_panel`    where the numbers of a line come from
`words_panel`      all that is said of a step
`refusal_panel`    what is wrong with a file
`readings`         how what is read is shown, whatever it is
`number_widths`    the cells that numbers take at most, so that nothing moves
`picture/`         the picture of the computation graph
`network/`         the picture of a network of layers
`graph_panel`      the picture at the cursor
`braille`          a curve as characters
`axes`             what curves and maps share
`loss_curve`       the loss over one parameter
`loss_map`         the loss over two
`input_map`        the output over two inputs, with the examples
`example_table`    all examples of the iteration in one table
`loss_history`     the loss over the iterations
`loss_panel`       which of these the third panel shows
`asking`           what is asked, the answer line, hints, and what came of the answer
`narration`        what was just computed, and what comes next
`header`           the line at the top
`panel_table`      which panels there are
"""

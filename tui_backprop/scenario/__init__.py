"""From the bytes of a scenario file to a checked, frozen Scenario. Read in this order:

`model`             what a scenario is
`equations`         its equations by name, those of neurons kept as weighted sums
`files`             how a file becomes text, whatever it may be
`source`            the tree of scalars, lists and mappings in a text, each with its place
`tree`              the records of that tree
`tree_builder`      how events become the tree, without what a scenario may not have
`syntax_help`       what someone meant who wrote something that YAML reads otherwise
`nearest`           which known name someone probably meant
`report`            all that is wrong with one file
`fields`            how one field is read
`words`             columns of words where numbers are wanted
`csv_table`         the table in a CSV file beside the scenario
`csv_columns`       the numbers in its columns, and the words that become inputs
`draft`             what has been read so far
`look_alikes`       names that cannot be told apart on a screen
`equation_reading`  how equations become expressions, with a place for every name
`data`              which inputs there are, and what they are in each example
`random_numbers`    random numbers and orders, the same for the same seed
`initial_numbers`   the numbers that a layer starts from by a recipe
`network_reading`   how `network:` becomes layers of numbers
`network`           the equations and parameters of layers
`optimizers`        the optimizers, each one entry
`optimizer_reading` the fields that say how a gradient becomes an update
`batch_reading`     the field that says which examples an update sees
`freeze_reading`    the field that says what is never updated
`setting`           one line that sets one thing otherwise
`expectations`      the published numbers that a file promises
`text_file`         the text of a file, or what is wrong with it as a text
`start_reading`     the field that says where the stepper opens
`step_names`        the names of single steps
`question_reading`  what the learner is asked
`forward_order`     in which order equations are computed
`checks`            whether the names fit together, and which is the loss
`gradients_file`    gradients that somebody else computed, as a file has them
`loading`           the whole way from a file to a Scenario
`from_python`       a scenario from dictionaries and arrays
`answer_reading`    a learner's answers to the questions
`written`           a scenario as the text of a file
`bundled`           the scenarios that come with the program
"""

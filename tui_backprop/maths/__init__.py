"""What can be said about expressions. Read in this order:

`expression`      what an expression is: a tree of numbers, names and calls
`ieee`            the values of functions for every float
`conventions`     where a derivative or a value is a convention, in a sentence
`largest_term`    how the largest term that made a number goes along with it
`function_record` what is known of a function or operator
`functions`       every function and operator, in one table
`tokens`          the words that an expression is made of
`parsing`         from text to a tree, and where it is wrong when it is none
`partials`        the names of derivatives inside expressions
`writing`         from a tree to text: plain, typeset, or with numbers put in
`evaluate`        the value of a tree
`rounding`        numbers that carry how far rounding may have put them off
`cancellation`    numbers that are nothing but rounding
`tidy`            how a product, a sum or a power reads like one written by hand
`table_formulas`  the table's formulas as trees: derivatives and definitions
`applicable_rule` the rule that differentiates a tree
`derivative`      the derivative of a tree, as a tree
`splitting`       an equation in elementary operations
`derivation/`     why the derivative is what it is, by named rules
`simplify/`       how algebra shortens a formula, line by line
"""

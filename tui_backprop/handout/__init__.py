"""A lesson on paper, or as a page: one document without a format, and a writer for each format. Read in this order:

`formulas`      a tree as mathematics with fraction bars, in the pieces of any format
`document`      what a handout consists of
`solving`       a step as a line of the solution, and as a line to fill in
`paper_words`   what is said of a step
`givens`        what a lesson is given
`number_tables` what repeats, as numbers
`net_drawing`   a network of layers as a drawing
`pictures`      any graph as a drawing, and as lines of characters
`loss_picture`  the loss
`derivations`   the derivations
`walking`       the steps as moments of a page
`whole_handout` the whole document
`markdown`      Markdown
`latex_formulas` text and formulas in LaTeX
`latex`         LaTeX
`mathml`        formulas of a page
`svg`           drawings of a page
`html`          the page, with its `page.css`, `bar.html` and `page.js`
"""

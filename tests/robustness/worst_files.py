"""Which files take the longest, inside the limits and outside? Each fills one of the limits, or makes one part work.

A table of names and functions, each of which makes the text of one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tui_backprop.scenario.source import MOST_BYTES

HEAD = "title: x\nparameters: {w: 1}\n"
EQUATIONS = f"{HEAD}equations:\n"
CHAIN = f"{EQUATIONS}  a0: w\n"
LESSON = f"{HEAD}equations: {{L: w}}\n"
TRAINED = f"{LESSON}learning_rate: 1\n"

Text = str | bytes


def filled(start: str, line: Callable[[int], str], count: int = 10**9, end: str = "") -> Callable[[], str]:
    """A text with as many lines as fit into a file, at most `count`."""

    def made() -> str:
        lines = [start]
        size = len((start + end).encode())
        for number in range(count):
            added = line(number)
            size += len(added.encode())
            if size > MOST_BYTES:
                break
            lines.append(added)
        return "".join([*lines, end])

    return made


def text(*parts: str) -> Callable[[], str]:
    """A text that is there already."""
    return lambda: "".join(parts)


def chained(line: str, count: int = 10**9) -> Callable[[], str]:
    """Equations of which each uses the one before, which stands for PREVIOUS in the line."""
    return filled(CHAIN, lambda number: f"  a{number + 1}: {line.replace('PREVIOUS', f'a{number}')}\n", count)


def network(inputs: int, neurons: Iterable[int], recipe: str) -> Callable[[], str]:
    """A network of layers with drawn numbers."""

    def made() -> str:
        names = [f"x{number}" for number in range(inputs)]
        layers = "".join(
            f"  - {{neurons: {count}, activation: sigmoid, weights: {{init: {recipe}}}, biases: {{init: normal}}}}\n"
            for count in neurons
        )
        targets = [f"t{number}" for number in range([*neurons][-1])]
        data = ", ".join(f"{name}: 1" for name in (*names, *targets))
        return (
            f"title: n\nnetwork:\n  inputs: [{', '.join(names)}]\n  layers:\n{layers}"
            f"  targets: [{', '.join(targets)}]\n  cost: binary_cross_entropy\ndata: {{{data}}}\n"
        )

    return made


def _frozen_again_and_again() -> str:
    parameters = "".join(f"  w{number}: 1\n" for number in range(4_000))
    equations = "".join(
        f"  a{block}: {f'a{block - 1}+' if block else ''}{'+'.join(f'w{block * 200 + k}' for k in range(200))}\n"
        for block in range(20)
    )
    freeze = ", ".join(["w*"] * 11_000)
    return f"title: x\nlearning_rate: 1\nparameters:\n{parameters}equations:\n{equations}freeze: [{freeze}]\n"


def _many_names_in_every_equation() -> str:
    parameters = "".join(f"  p{number}: 1\n" for number in range(250))
    start = f"title: x\nparameters:\n{parameters}equations:\n  a0: {'+'.join(f'p{n}' for n in range(249))}\n"
    return filled(start, lambda n: f"  a{n + 1}: a{n}+{'+'.join(f'p{(k + n) % 250}' for k in range(248))}\n")()


ACCEPTED: Mapping[str, Callable[[], str]] = {
    "many small equations": chained("w+PREVIOUS", 9_989),
    "equations in braces": filled(
        f"{HEAD}equations: {{a0: w", lambda number: f", a{number + 1}: w+a{number}", 9_989, "}\n"
    ),
    "flat sums": chained("PREVIOUS" + "-w" * 249),
    "flat sums in quotes": chained(f'"PREVIOUS{"-w" * 249}"'),
    "parentheses": chained("(" * 63 + "PREVIOUS" + ")" * 63),
    "functions": chained("sin(" * 60 + "PREVIOUS" + ")" * 60),
    "minus signs": chained("-" * 62 + "PREVIOUS"),
    "powers": chained("PREVIOUS" + "²^2" * 60),
    "many names in every equation": _many_names_in_every_equation,
    "many examples": filled(f"{HEAD}equations: {{L: w*x}}\ndata:\n", lambda number: f"- {{x: {number}}}\n", 4_990),
    "wide examples": filled(
        f"{HEAD}equations: {{L: w*x0}}\ndata:\n- {{x: 1", lambda number: f", x{number}: 1", 9_970, "}\n"
    ),
    "long numbers": filled(
        f"{HEAD}equations: {{L: w*x}}\ndata:\n", lambda number: f"- {{x: 0.{'1' * 90}e-300}}\n", 4_990
    ),
    "many times frozen": _frozen_again_and_again,
    "many expectations": filled(f"{TRAINED}expect:\n", lambda number: "- {after: 1, loss: 1.5}\n", 3_900),
    "a long title": text("title: ", "a " * 120_000, "\nparameters: {w: 1}\nequations: {L: w}\n"),
    "a folded summary": text(LESSON, "summary: >\n", "  a\n" * 60_000),
    "a literal summary": text(LESSON, "summary: |\n", "  a\n" * 60_000),
    "a plain summary": text(LESSON, "summary: a\n", "  a\n" * 60_000),
    "a quoted summary": text(LESSON, 'summary: "a\n', "  a\n" * 60_000, '  "\n'),
    "escapes": text(LESSON, 'summary: "', "\\u00e9" * 40_000, '"\n'),
    "doubled quotes": text(LESSON, "summary: 'a", "''" * 120_000, "'\n"),
    "empty lines": text(LESSON, "\n" * 250_000),
    "other empty lines": text(LESSON, "\r" * 250_000),
    "comments": text(LESSON, "#\n" * 120_000),
    "a wide network": network(5_000, (19, 1), "he"),
    "a network for pictures": network(784, (120, 10), "normal"),
    "a square network": network(180, (180, 180, 180), "xavier"),
    "a network of many outputs": network(300, (300,), "uniform"),
}

TABLES: Mapping[str, Callable[[], str]] = {
    "as many numbers as fit": lambda: _table(range(190), "1\n", 5_510),
    "as many rows and columns as may be": lambda: _table(range(100), "1\n", 10_000),
    "a name twice among 100,000": lambda: _table([*range(99_999), 99_998], "1\n", 1),
    "every name twice": lambda: _table([*range(50_000), *range(50_000)], "1\n", 1),
    "lines without anything": lambda: "x0\n" + "\n" * 2_000_000,
    "control characters in every line": lambda: "x0\n" + "\x01\n" * 400_000,
    "quotes that never close": lambda: "x0\n" + '"1\n' * 100_000,
    "more columns than may be": lambda: _table(range(180_000), "1\n", 1),
    "decimal commas": lambda: _table(range(100), "1,5\n", 4_500, ";"),
    "as many words as may be": lambda: _words(10_000, 990),
    "more words than may be": lambda: _words(10_000, 10_000),
}
"""Tables that a scenario names by `{csv: points.csv}`, those with words by `{csv: points.csv, one_hot: word}`."""


def _table(names: Iterable[int], cell: str, count: int, separator: str = ",") -> str:
    header = [f"x{name}" for name in names]
    row = separator.join([cell.strip()] * len(header))
    return "\n".join([separator.join(header), *([row] * count)]) + "\n"


def _words(rows: int, words: int) -> str:
    return "x0,word\n" + "".join(f"1,a{number % words}\n" for number in range(rows))


REFUSED: Mapping[str, Callable[[], Text]] = {
    "a long circle": filled(f"{EQUATIONS}  a0: w+a9989\n", lambda n: f"  a{n + 1}: w+a{n}\n", 9_989),
    "many circles": filled(EQUATIONS, lambda number: f"  a{number}: w+a{number ^ 1}\n", 9_980),
    "equations that need themselves": filled(EQUATIONS, lambda number: f"  a{number}: w+a{number}\n", 9_980),
    "all need each other": filled(
        EQUATIONS, lambda n: f"  a{n}: {'+'.join(f'a{(n + k) % 420}' for k in range(1, 110))}\n", 420
    ),
    "long unknown names": filled(EQUATIONS, lambda n: f"  {'a' * 30}{n}: w*{'b' * 20}{'a' * 12}{n}\n"),
    "unknown names that are near many": filled(
        "title: x\nparameters:\n" + "".join(f"  {'ab' * 18}{n:04d}: 1\n" for n in range(3_000)) + "equations:\n",
        lambda n: f"  abab{n}: {'ba' * 20}\n",
    ),
    "many unknown names in each line": filled(
        "title: x\nparameters:\n" + "".join(f"  pa{n}: 1\n" for n in range(2_000)) + "equations:\n",
        lambda n: f"  a{n}: {'+'.join(f'p{n}b{k}' for k in range(200))}\n",
    ),
    "one key again and again": text("title: x\n" * 20_000),
    "unknown keys": filled("", lambda number: f"k{number}: 1\n", 9_990),
    "long unknown keys": filled("", lambda number: f"{'z' * 20}{number}: 1\n", 9_990),
    "wrong numbers": filled("title: x\nparameters:\n", lambda number: f"  w{number}: 0x1\n", 9_990),
    "numbers too large": filled("title: x\nparameters:\n", lambda n: f"  w{n}: 1e{'9' * 90}\n", 9_990),
    "a number of 250,000 digits": text("title: x\nparameters: {w: ", "1" * 250_000, "}\nequations: {L: w}\n"),
    "digits in equations": filled(EQUATIONS, lambda number: f"  a{number}: {'1' * 1_990}e9\n"),
    "wrong equations": filled(EQUATIONS, lambda number: f"  a{number}: w w\n", 9_990),
    "unknown functions": filled(EQUATIONS, lambda number: f"  a{number}: sinus{number}(w)\n", 9_990),
    "a long equation": text(HEAD, "equations: {L: ", "w+" * 120_000, "w}\n"),
    "brackets": text("[" * 250_000),
    "braces": text("{a: " * 60_000),
    "indentation": text("".join(f"{' ' * level}a:\n" for level in range(700))),
    "lists in lists": text("- " * 120_000),
    "closing brackets": text("]" * 250_000),
    "commas": text("[", "," * 250_000),
    "colons": text("title: ", "a: " * 80_000),
    "one long name": text("x" * 250_000, ": 1"),
    "an open quote": text('title: "', "x\n" * 120_000),
    "an open brace": text("title: {a\n", "b\n" * 120_000),
    "anchors": filled("", lambda number: f"a{number}: &a{number} 1\n"),
    "anchors in one line": text("a: [", ",".join(f"&a{number} 1" for number in range(9_000)), "]"),
    "aliases in one line": text("a: [", ",".join(f"*a{number}" for number in range(15_000)), "]"),
    "traps": filled("", lambda number: f"a{number}: *x + 1\n"),
    "late traps": filled("", lambda number: f"a{number}: 1\n", 9_900, "b: *x + 1\nc: *x + 1\n"),
    "documents": text("---\n" * 60_000),
    "escaped characters": text('title: "', "\\u202e" * 40_000, '"'),
    "escaped characters in every line": filled("", lambda number: f'a{number}: "\\u202e"\n', 9_900),
    "escaped characters over two lines": filled("", lambda number: f'a{number}: "x\n  \\e"\n', 9_900),
    "control characters": text("\x01\n" * 120_000),
    "tabs": text("\tx\n" * 80_000),
    "comments in equations": filled(EQUATIONS, lambda number: f"  a{number}: w + #1\n", 9_900),
    "spaces": text(" " * 250_000, "x: y: 1"),
    "lines without a colon": text("a\n" * 120_000),
    "names without a space": filled(EQUATIONS, lambda number: f"  a{number}: w\n    b:1\n", 9_900),
    "several losses": filled(EQUATIONS, lambda number: f"  a{number}: w\n", 9_980),
    "unused parameters": filled("title: x\nequations: {L: w}\nparameters:\n", lambda n: f"  w{n}: 1\n", 9_980),
    "notes on nothing": filled(f"{LESSON}notes:\n", lambda number: f"  n{number}: x\n", 9_980),
    "frozen strangers": filled(f"{LESSON}freeze: [", lambda number: f"v{number}, ", 19_000, "w]\n"),
    "one frozen stranger again and again": filled(
        f"title: x\nequations: {{L: w}}\nparameters: {{{', '.join(f'q{n}: 1' for n in range(5_000))}}}\nfreeze: [",
        lambda number: "v, ",
        9_900,
        "w]\n",
    ),
    "expected strangers": filled(f"{TRAINED}expect:\n- parameters:\n", lambda n: f"    v{n}: 1\n", 9_900),
    "strangers expected of thousands": filled(
        "title: x\nlearning_rate: 1\nequations: {L: q1}\n"
        f"parameters: {{{', '.join(f'q{n}: 1' for n in range(4_500))}}}\n"
        "expect:\n- parameters:\n",
        lambda number: f"    v{number}: 1\n",
        5_000,
    ),
    "layers too large": filled(
        "title: n\nnetwork:\n  inputs: [x]\n  targets: [t]\n  cost: squared_error\n  layers:\n",
        lambda number: "  - {neurons: 99999, activation: relu, weights: {init: he}}\n",
        1_800,
        "data: {x: 1, t: 1}\n",
    ),
    "rows of the wrong length": text(
        "title: n\nnetwork:\n  inputs: [x]\n  layers:\n  - {neurons: 90, activation: relu, weights: [",
        ",".join(["[1,2]"] * 6_000),
        "]}\n  targets: [t]\n  cost: squared_error\ndata: {x: 1, t: 1}\n",
    ),
    "examples of other inputs": filled(
        f"{HEAD}equations: {{L: w*x}}\ndata:\n- {{x: 1}}\n", lambda number: f"- {{y{number}: 1}}\n", 6_000
    ),
    "short examples below a wide one": filled(
        f"{HEAD}equations: {{L: w*x1}}\ndata:\n- {{{', '.join(f'x{n}: 1' for n in range(5_000))}}}\n",
        lambda number: "- {a: 1}\n",
        3_000,
    ),
    "names of ligatures": filled("title: x\nparameters:\n", lambda n: f"  \ufdfa\ufdfa\ufdfa{n}: 1\n", 9_900),
    "no UTF-8": lambda: b"title: \xff\n" * 20_000,
    "UTF-16": lambda: ("title: x\n" * 12_000).encode("utf-16"),
}

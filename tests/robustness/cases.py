"""Which scenarios and expressions does the fuzzing try? Made from a seed: the same number is always the same case.

Half of them come from a grammar that writes something plausible with a slip here and there, half are lessons (the
bundled ones and what the grammar writes) with pieces put in, cut out, doubled and moved.
"""

from __future__ import annotations

import random
from functools import cache

from tui_backprop.maths.writing import write
from tui_backprop.scenario.bundled import bundled_names, bundled_path
from tui_backprop.scenario.loading import load_scenario

CSV_NAME = "points.csv"

NAMES = ("w", "w1", "w2", "b", "x", "x1", "x2", "y", "z", "a", "a1", "L", "C", "θ", "η_1", "yhat", "pi", "e")
FUNCTIONS_OF_ONE = (
    *("exp", "log", "ln", "sqrt", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "abs", "sin", "cos"),
    *("step", "sign", "elu", "gelu", "silu", "tan", "atan", "sinh", "cosh", "log2", "log10"),
)
FUNCTIONS_OF_TWO = ("max", "min", "sum", "mean", "bce", "bce_logits")
NUMERALS = (
    *("0", "1", "2", "3", "10", "0.5", ".5", "5.", "1e-3", "2.808", "1e16", "100", "-1", "-0.5", "1e308", "1e-320"),
    *("5e-324", "0.1", "40", "-40"),
)
WRONG_NUMERALS = (
    *("010", "0x1F", "1_000", "1:30", "yes", "nan", "NaN", ".inf", "-inf", "1e999", "1e999999999", "2020-01-01"),
    *("1,5", "~", "null", "", "1e", "--1", "+-1", "1" * 120, "9" * 400, "0b1", "1j", "٣", "1e-999999999", "−", "½"),
)
PIECES = (
    *("\n", "\n\n", "  ", "\n  ", "- ", ": ", ":", " #", "#", "*", "&", "!", "|", ">", "{", "}", "[", "]", ",", "'"),
    *(
        '"',
        "\\",
        "%",
        "@",
        "`",
        "?",
        "---",
        "...",
        "\n---\n",
        "\n...\n",
        "\t",
        "\r",
        "\r\n",
        "\x00",
        "\x07",
        "\x1b[31m",
    ),
    *(
        "\u202e",
        "\u2028",
        "\u0085",
        "\ufeff",
        "\ud800",
        "é",
        "σ",
        "₁",
        "数",
        "👩\u200d🔬",
        "\u0301",
        "(",
        ")",
        "^",
        "/",
    ),
    *("w1", "x", "pi", "e", "x1x2", "<<: ", "*a", "&a ", "!!python/object:os.system ", "- - - ", "{x:1}", "'it's'"),
    *('"\\u202e"', '"\\e"', '"\\x00"', '"\\U00110000"', '"\\ud800"', "csv: points.csv", "csv: ../x.csv", "%TAG ! x\n"),
    *(
        "%YAML 1.1\n---\n",
        "|\n  ",
        ">-\n  ",
        "? a\n: b\n",
        "data:",
        "loss:",
        "expect:",
        "freeze: [w*]\n",
        "=",
        "<",
        "$",
    ),
    *WRONG_NUMERALS,
)
STRANGERS = (
    "=",
    "|",
    "÷",
    "√",
    "[",
    "{",
    "é",
    "\x1b",
    "\u202e",
    "½",
    "'",
    "😀",
    "\ud800",
    "%",
    "!",
    ":",
    "#",
    ";",
    "\\",
)


# --- expressions


def expression(chance: random.Random, names: tuple[str, ...] = NAMES, levels: int = 4) -> str:
    """An expression as someone could write it; names and functions are right, spacing and signs are anyone's."""
    if levels == 0 or chance.random() < 0.2:
        if chance.random() < 0.35:
            return chance.choice(("0", "1", "2", "3", "0.5", ".5", "5.", "1e-3", "10", "2.808", "1e16"))
        return chance.choice(names)

    def part() -> str:
        return expression(chance, names, levels - 1)

    kind = chance.randrange(12)
    if kind < 5:
        gap = chance.choice(("", " ", " ", "  "))
        return f"{part()}{gap}{chance.choice('+-*/+*−×·')}{gap}{part()}"
    if kind == 5:
        return f"({part()})"
    if kind == 6:
        return f"-{part()}"
    if kind == 7:
        return f"({part()}){chance.choice(('^', '**', '^-', ' ^ '))}{chance.choice(('2', '3', '0.5', 'w', '(1 + x)'))}"
    if kind == 8:
        return f"{chance.choice(('2', '3', '0.5'))}{chance.choice(names)}{chance.choice(('', '²', '³'))}"
    if kind == 9:
        return f"{chance.choice(FUNCTIONS_OF_TWO)}({part()}, {part()})"
    return f"{chance.choice(FUNCTIONS_OF_ONE)}({part()})"


def expression_case(chance: random.Random) -> str:
    """Anything that might be handed to the parser."""
    kind = chance.randrange(8)
    if kind == 0:
        pieces = (
            *NAMES,
            *FUNCTIONS_OF_ONE,
            *NUMERALS,
            *WRONG_NUMERALS,
            *STRANGERS,
            *"+-*/^(),²³ ",
            "sin(",
            "max(",
            "**",
        )
        return "".join(chance.choice(pieces) for _ in range(chance.randint(0, 25)))
    if kind == 1:
        return _large_expression(chance)
    text = expression(chance, levels=chance.randint(1, 6)) if kind < 5 else chance.choice(_bundled_expressions())
    if kind in (2, 5):
        return text
    usual = (*"+-*/^(),²³· ", *"+-*/^(), ", *NAMES, *NUMERALS, "sin", "max", "3x", "1/2x")
    return _changed(chance, text, usual if chance.random() < 0.6 else (*usual, *STRANGERS))


def _large_expression(chance: random.Random) -> str:
    """Near the limits of length, of nodes and of nesting, on either side of them."""
    count = chance.choice((20, 60, 63, 64, 65, 240, 249, 250, 251, 500, 1_000))
    kind = chance.randrange(6)
    if kind == 0:
        return chance.choice("+-*/").join(["w"] * count)
    if kind == 1:
        return "(" * count + "w" + ")" * (count - chance.choice((0, 0, 1)))
    if kind == 2:
        return "-" * count + "w"
    if kind == 3:
        return "^".join(["w"] * count)
    if kind == 4:
        return "sin(" * count + "w" + ")" * count
    return f"w + {chance.choice(('1' * count, 'a' * count, '²' * count, '1e' + '9' * count, ' ' * count))}"


@cache
def _bundled_expressions() -> tuple[str, ...]:
    scenarios = [load_scenario(bundled_path(name)) for name in bundled_names()]
    return tuple(write(equation) for scenario in scenarios for equation in scenario.equations.values())


# --- scenarios


@cache
def bundled_texts() -> tuple[str, ...]:
    """The texts of the bundled scenarios."""
    return tuple(bundled_path(name).read_text(encoding="utf-8") for name in bundled_names())


def scenario_case(chance: random.Random) -> bytes:
    """A file that might be a scenario."""
    kind = chance.randrange(20)
    if kind < 10:
        text = written_scenario(chance, slips=0.0 if chance.random() < 0.4 else 0.03)
    elif kind < 18:
        seed = written_scenario(chance, slips=0.0) if kind < 13 else chance.choice(bundled_texts())
        text = _changed(chance, seed, PIECES)
    else:
        if kind == 19:
            return _many(chance).encode("utf-8", "surrogatepass")
        seeds = chance.choice(bundled_texts()), written_scenario(chance, slips=0.0)
        text = _crossed(chance, *chance.sample(seeds, 2))
    data = text.encode("utf-8", "surrogatepass")
    return _changed_bytes(chance, data) if chance.random() < 0.12 else data


def csv_case(chance: random.Random) -> bytes:
    """A table that a scenario might name; most of the time a good one."""
    rows = [("x", "x1", "y"), *((f"{chance.random():.3}", f"{number}", "01ab"[number % 3]) for number in range(5))]
    rows = map(chance.choice(",;\t").join, rows)
    data = chance.choice(("\n", "\r\n")).join(rows).encode()
    return data if chance.random() < 0.6 else _changed_bytes(chance, data)


def written_scenario(chance: random.Random, slips: float) -> str:
    """A scenario from the grammar. `slips`: how likely it is, wherever something is written, that it is wrong."""
    return _Writer(chance, slips).scenario()


def _many(chance: random.Random) -> str:
    """A scenario with many lines, of which many may be wrong."""
    line = chance.choice(("p{}: 1", "p{}: " + chance.choice(WRONG_NUMERALS), "p: {}", "{}", "p{}: *w", '"\\e{}": 1'))
    lines = "".join(f"  {line.format(number)}\n" for number in range(chance.choice((19, 20, 21, 40))))
    section = chance.choice(("parameters", "equations", "notes", "constants", "data", "unknown"))
    rest = "title: x\nparameters: {w: 1}\nequations: {L: w^2}\n"
    return f"{section}:\n{lines}{rest}" if chance.random() < 0.5 else f"{rest}{section}:\n{lines}"


class _Writer:
    def __init__(self, chance: random.Random, slips: float) -> None:
        self.chance = chance
        self.slips = slips

    def slip(self) -> bool:
        return self.chance.random() < self.slips

    def usual(self, usual: tuple[str, ...], slips: tuple[str, ...]) -> str:
        """One of the usual ways to write something; with a slip any, the wrong ones among them."""
        return self.chance.choice((*usual, *slips) if self.slip() else usual)

    def number(self) -> str:
        return self.chance.choice(WRONG_NUMERALS if self.slip() else NUMERALS)

    def scenario(self) -> str:
        chance = self.chance
        sections = self.network() if chance.random() < 0.25 else self.equations()
        sections["title"] = chance.choice(
            ("A lesson", '"Lesson 1: slopes"', "'it''s'", "Σ 数 👩\u200d🔬", ">\n  A lesson")
        )
        for key, value in self.training("C" if "network" in sections else "L").items():
            if chance.random() < 0.3:
                sections[key] = value
        keys = list(sections)
        chance.shuffle(keys)
        lines = [f"{self.key(key)}: {sections[key]}" for key in keys if not self.slip()]
        if self.slip():
            lines.append(chance.choice(lines or ["a: 1"]))
        comment = "# a comment\n" if chance.random() < 0.2 else ""
        return comment + "\n".join(lines) + "\n"

    def key(self, key: str) -> str:
        return (
            self.chance.choice((key[:-1], key.upper(), f"{key} ", f" {key}", f"{key}s", f"'{key}'"))
            if self.slip()
            else key
        )

    def equations(self) -> dict[str, str]:
        chance = self.chance
        inputs = chance.sample(("x", "x1", "x2", "y", "t", "θ"), chance.randint(0, 3))
        parameters = chance.sample(("w", "w1", "w2", "b", "v", "θ_1"), chance.randint(1, 4))
        constants = chance.sample(("half", "c", "η"), chance.randint(0, 1))
        known = (*inputs, *constants, *parameters)
        names: list[str] = []
        lines: list[tuple[str, str]] = []
        for name in chance.sample(("z", "z1", "a", "a1", "s", "q"), chance.randint(0, 4)):
            lines.append((name, expression(chance, (*known, *names[-2:]), 3)))
            names.append(name)
        used = "+".join([*parameters, *names])
        lines.append(("L", f"({expression(chance, known, 2)})^2 + {used}"))
        if self.slip():
            lines.append((chance.choice(NAMES), expression_case(chance)))
        if chance.random() < 0.2:
            chance.shuffle(lines)
        sections = {"parameters": self.mapping(parameters), "equations": self.expressions(lines)}
        if inputs:
            sections["data"] = self.data(inputs)
        if constants:
            sections["constants"] = self.mapping(constants)
        if chance.random() < 0.3:
            sections["loss"] = "z" if self.slip() else "L"
        return sections

    def expressions(self, lines: list[tuple[str, str]]) -> str:
        def quoted(text: str) -> str:
            return f'"{text}"' if self.chance.random() < 0.3 or text[:1] in "-*&|>%@`" else text

        return "".join(f"\n  {name}: {quoted(text)}" for name, text in lines)

    def mapping(self, names: list[str]) -> str:
        entries = [f"{self.key(name)}: {self.number()}" for name in names]
        return "{" + ", ".join(entries) + "}" if self.chance.random() < 0.5 else "".join(f"\n  {e}" for e in entries)

    def data(self, inputs: list[str]) -> str:
        chance = self.chance
        kind = chance.randrange(8)
        if kind == 0:
            file = self.usual((CSV_NAME,), ("../points.csv", "/etc/passwd", "none.csv", "."))
            more = chance.choice(("", "", ", one_hot: y", ", columns: [x1, x]", ", columns: x, one_hot: [y, x1]"))
            return f"{{csv: {file}{more}}}"
        if kind < 4:
            return self.mapping(inputs)
        rows = [self.mapping(inputs).replace("\n  ", "\n    ") for _ in range(chance.randint(1, 4))]
        return "".join(f"\n  - {row.lstrip()}" for row in rows)

    def network(self) -> dict[str, str]:
        chance = self.chance
        inputs = [f"x{place + 1}" for place in range(chance.randint(1, 3))]
        layers, before = "", len(inputs)
        for _ in range(chance.randint(1, 3)):
            neurons = chance.randint(1, 3) + (chance.choice((0, 1, 1_000, 100_000)) if self.slip() else 0)
            activation = chance.choice(("sigmoid", "tanh", "relu", "leaky_relu", "softplus", "identity", "identity"))
            recipe = chance.choice(("xavier", "he", "normal", "uniform", "zeros"))
            rows = "[" + ", ".join(self.row(before) for _ in range(min(4, neurons))) + "]"
            weights = f"{{init: {recipe}, seed: {chance.randrange(9)}}}" if chance.random() < 0.5 else rows
            biases = chance.choice(("", ", biases: {init: normal}", f", biases: {self.row(min(4, neurons))}"))
            layers += f"\n    - {{neurons: {neurons}, activation: {activation}, weights: {weights}{biases}}}"
            before = min(neurons, 4)
        targets = [f"t{place + 1}" for place in range(before)]
        cost = chance.choice(("squared_error", "half_squared_error", "mean_squared_error", "binary_cross_entropy"))
        network = (
            f"\n  inputs: [{', '.join(inputs)}]\n  layers:{layers}\n  targets: [{', '.join(targets)}]\n  cost: {cost}"
        )
        return {"network": network, "data": self.data([*inputs, *targets])}

    def row(self, count: int) -> str:
        return "[" + ", ".join(self.number() for _ in range(count + self.slip())) + "]"

    def updates(self) -> str:
        """A learning rate, often with an optimizer or a weight decay in the next lines."""
        rate = self.usual(
            ("0.1", "0.5", "1e-3", "100", "1e300", "0.5/(1 + 0.1*k)", "exp(-k)", "1/(3 - k)", "10^(300*(k + 1))"),
            ("0", "-1", "1e999", "[1]", "w1/2", "0.1*k", "1/(k", "k*q"),
        )
        optimizer = self.usual(
            (
                *("adam", "{name: momentum, beta: -3}", "adagrad", "nesterov", "{name: adam, beta1: 1, epsilon: 0}"),
                *("adamw", "{update: {v: log(v) + g, w: w - eta/v}}", "{update: {g: 'max(-1, min(g, 1))', w: w - g}}"),
            ),
            ("adma", "{update: {w: w}}", "{update: {v: g}}", "{beta: 1}", "[adam]", "{constants: [1], update: w}"),
        )
        decay = self.usual(("0", "0.1", "1e300"), ("-1", "x", "[0]"))
        more = self.chance.choice(("", f"\noptimizer: {optimizer}", f"\nweight_decay: {decay}"))
        return f"{rate}{more}"

    def training(self, loss: str) -> dict[str, str]:
        after = self.usual(("0",), ("1", "3", "-1"))
        return {
            "learning_rate": self.updates(),
            "iterations": self.usual(("0", "7", "1e3", "1000000"), ("1000001", "1.5", "-1")),
            "reduction": self.usual(("mean", "sum"), ("men", "[sum]")),
            "batch": self.usual(("1",), ("0", "2", "9999999", "0.5")),
            "freeze": self.usual(("'*'",), ("[w*]", "w", "*", "[b, w1]", "'*w'")),
            "notes": self.usual(
                (f"{{{loss}: how wrong it is}}", f"{{{loss}: 'a: [b]x[/]'}}"), ("{q: x}", "\n  L: it's")
            ),
            "expect": f"[{{after: {after}, loss: {self.number()}}}]",
            "summary": self.usual(
                ("One sentence.", '"a\\tb"', ">\n  One\n  and two.", "|\n  a\n\n  b"), ("a #1", "[b]")
            ),
        }


# --- changes


def _changed(chance: random.Random, text: str, pieces: tuple[str, ...]) -> str:
    """The text with a few pieces put in, cut out, doubled or moved."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(7)
        if kind < 2:
            text = text[:at] + chance.choice(pieces) + text[at + chance.choice((0, 0, 1, 3)) :]
        elif kind == 2:
            text = text[:at] + text[at + chance.randint(1, 8) :]
        elif kind == 3:
            other = chance.randrange(len(text) + 1)
            text = text[:at] + text[other : other + chance.choice((1, 20, 200))] + text[at:]
        elif kind == 4:
            text = text[:at] + chr(chance.choice((chance.randrange(128), chance.randrange(0x3000)))) + text[at + 1 :]
        else:
            lines = text.split("\n")
            line = chance.randrange(len(lines))
            if kind == 5:
                lines.insert(chance.randrange(len(lines) + 1), " " * chance.choice((0, 0, 1, 2)) + lines[line])
            else:
                del lines[line]
            text = "\n".join(lines)
    return text


def _crossed(chance: random.Random, one: str, two: str) -> str:
    """The beginning of one text with the end of another."""
    return one[: chance.randrange(len(one) + 1)] + two[chance.randrange(len(two) + 1) :]


def _changed_bytes(chance: random.Random, data: bytes) -> bytes:
    kind = chance.randrange(6)
    if kind == 0:
        text = data.decode("utf-8", "replace")
        return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "utf-8-sig")), "replace")
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed) + 1)
        if kind == 1:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 2:
            changed[at:at] = chance.choice((b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x00"))
        elif kind == 3:
            del changed[at:]
        elif kind == 4:
            changed[at:at] = changed[at : at + 50] * chance.randint(1, 3)
        elif changed:
            changed[at % len(changed)] ^= 1 << chance.randrange(8)
    return bytes(changed)

"""The `network:` of a file as layers of numbers, or the row or number that is wrong."""

from __future__ import annotations

from functools import partial

from tui_backprop.errors import Place
from tui_backprop.other_words import OtherWord
from tui_backprop.scenario.draft import EQUATION, PARAMETER, Draft
from tui_backprop.scenario.fields import (
    known_entries,
    read_choice,
    read_integer,
    read_mapping,
    read_name,
    read_numeral,
    read_scalar,
    read_sequence,
    required,
)
from tui_backprop.scenario.initial_numbers import (
    BIAS_RECIPES,
    MOST_STD,
    WEIGHT_RECIPES,
    Recipe,
    initial_numbers,
)
from tui_backprop.scenario.nearest import counted, listed, shown
from tui_backprop.scenario.network import ACTIVATIONS, COSTS, COSTS_OF_Z, Layer, Network, expand, node_count
from tui_backprop.scenario.random_numbers import MOST_SEED
from tui_backprop.scenario.report import Report
from tui_backprop.scenario.tree import Mapping, Node, Pair, Scalar, Sequence

MOST_GRAPH_NODES = 100_000

MOST_COMPARED = 2_000
"""The neurons of a stable softmax. The derivative of a max of n has n formulas, each with every operand in it."""

_LONGEST_COST = 400

_KEYS = ("inputs", "layers", "targets", "cost")
_LAYER_KEYS = ("neurons", "activation", "weights", "biases")
_ROWS_HELP = "one row of weights for each neuron, with one number for each neuron (or input) before it"


def read_network(draft: Draft, node: Node, place: Place) -> None:
    """Expand the network into the draft, and note what is wrong with it; `place` is where the key stands."""
    before = len(draft.report)
    network, name_uses = _read(draft.report, node)
    if network is None or len(draft.report) > before:
        draft.complete = draft.equations_read = False
        return
    expansion = expand(network)
    # Where a name is taken its place is that of the whole network: it is written nowhere.
    for name in draft.define_all(expansion.parameters, PARAMETER, place):
        draft.parameters[name] = expansion.parameters[name]
    for name in draft.define_all(expansion.equations, EQUATION, place):
        draft.equations[name] = expansion.equations.entries[name]
        draft.operands[name] = expansion.operands[name]
    first = expansion.shape.layers[0].pre_activations[0]
    for index, (name, name_place) in enumerate(name_uses):
        draft.uses.append((expansion.shape.cost if index >= len(network.inputs) else first, name, name_place))
    draft.network = expansion.shape


def _read(report: Report, node: Node) -> tuple[Network | None, list[tuple[str, Place]]]:
    """The network, and the names of inputs and targets with their places."""
    help = "a network has inputs, layers, targets and a cost"
    mapping = read_mapping(report, node, "'network'", help)
    if mapping is None:
        return None, []
    entries = known_entries(report, mapping, "'network'", _KEYS)
    # Without a cost the equations beside the network make the loss; whether they do is seen when all is read.
    wanted = _KEYS if "cost" in entries else ("inputs", "layers", *(key for key in ("targets",) if key in entries))
    parts = {key: required(report, mapping, entries, "'network'", key, help) for key in wanted}
    inputs = _read_names(report, parts["inputs"], "'inputs'", "write [x1, x2]")
    if inputs is not None:
        _refuse_repetition(report, inputs)
    layers = (
        None if parts["layers"] is None else _LayerReader(report, len(inputs) if inputs else None).read(parts["layers"])
    )
    targets = _read_names(report, parts["targets"], "'targets'", "write [t1, t2]") if "targets" in parts else []
    cost: str | None = ""
    if "cost" in parts:
        instead = partial(_cost_as_equation, inputs=inputs, layers=layers, targets=targets)
        cost = None if parts["cost"] is None else read_choice(report, parts["cost"], "cost", COSTS, instead)
    if inputs is None or layers is None or targets is None or cost is None:
        return None, []
    outputs = len(layers[-1].weights)
    if len(targets) != outputs and "targets" in parts:
        message = f"{counted(len(targets), 'target')}, and {counted(outputs, 'neuron')} in the last layer"
        place = targets[outputs][1] if len(targets) > outputs else _place(parts["targets"])
        report.add(place, message, "name one target for each neuron of the last layer")
    last = layers[-1].activation
    if cost in COSTS_OF_Z and last != "sigmoid":
        message = f"the cost {cost} takes the sigmoid of the last layer's z, and that layer has activation: {last}"
        report.add(_place(parts["cost"]), message, "write activation: sigmoid in the last layer, or another cost")
    names = tuple(name for name, _ in inputs), tuple(name for name, _ in targets)
    return Network(names[0], layers, names[1], cost), [*inputs, *targets]


_Names = list[tuple[str, Place]] | None


def _cost_as_equation(other: OtherWord, inputs: _Names, layers: tuple[Layer, ...] | None, targets: _Names) -> str:
    """The help for a cost that no network has: it is written as an equation of the activations."""
    if not other.term or not inputs or layers is None or not targets:
        return f"it can be {listed(COSTS)}"
    names = [name for name, _ in targets]
    shape = expand(Network(tuple(name for name, _ in inputs), layers)).shape
    terms = [other.term.format(a=a, t=t) for a, t in zip(shape.layers[-1].activations, names, strict=False)]
    cost = " + ".join(terms).replace("+ -", "- ")
    if other.averaged and len(terms) > 1:
        cost = f"({cost})/{len(terms)}"
    # Inside braces a comma ends the value.
    cost = f'"{cost}"' if "," in cost else cost
    equation = f"equations: {{L: {shown(cost, _LONGEST_COST)}}}"
    return f"write it as an equation: leave 'cost' out here, and add {equation}"


def _activation_as_equation(other: OtherWord) -> str:
    """The help for an activation that no layer has: the layer is written as equations."""
    if not other.written:
        return f"it can be {listed(ACTIVATIONS)}"
    return f"no layer has it; write that layer as equations instead, with {other.written} of ({other.of})"


def _read_names(report: Report, node: Node | None, what: str, help: str) -> list[tuple[str, Place]] | None:
    if node is None:
        return None
    items: tuple[Node, ...] = (node,)
    if not isinstance(node, Scalar) or not node.text.strip():
        sequence = read_sequence(report, node, what, help)
        if sequence is None:
            return None
        items = sequence.items
    scalars = [read_scalar(report, item, f"a name of {what}", help) for item in items]
    names = [(read_name(report, scalar), scalar.place) for scalar in scalars if scalar is not None]
    good = [(name, place) for name, place in names if name is not None]
    return good if len(good) == len(items) else None


def _refuse_repetition(report: Report, names: list[tuple[str, Place]]) -> None:
    seen: set[str] = set()
    for name, place in names:
        if name in seen:
            report.add(place, f"'{name}' is listed twice", "name each input once")
        seen.add(name)


class _LayerReader:
    """Reads the layers one after the other: each has to fit the one before."""

    def __init__(self, report: Report, inputs: int | None) -> None:
        self.report = report
        self.inputs = inputs
        # Numbers are only made for layers whose sizes are all known to stay below the limit.
        self.makes_numbers = False

    def read(self, node: Node) -> tuple[Layer, ...] | None:
        """The layers, or None after noting what is wrong."""
        help = "write lines such as - {neurons: 2, activation: sigmoid, weights: [[0.1, 0.2], [0.3, 0.4]]}"
        sequence = read_sequence(self.report, node, "'layers'", help)
        if sequence is None:
            return None
        parts = [self._parts(item, help) for item in sequence.items]
        sizes = [self._neurons(entries) if entries is not None else None for entries in parts]
        known = [entries for entries in parts if entries is not None]
        if not self._within_limit(known, sizes):
            return None
        layers: list[Layer | None] = []
        fan_in = self.inputs
        for number, (entries, neurons) in enumerate(zip(parts, sizes, strict=True), start=1):
            layers.append(None if entries is None else self._layer(number, entries, neurons, fan_in))
            fan_in = None if entries is None else _agreed(entries, neurons)
        good = tuple(layer for layer in layers if layer is not None)
        return good if len(good) == len(layers) else None

    def _parts(self, node: Node, help: str) -> dict[str, Pair] | None:
        mapping = read_mapping(self.report, node, "a layer", help)
        if mapping is None:
            return None
        entries = known_entries(self.report, mapping, "a layer", _LAYER_KEYS)
        missing = [key for key in ("neurons", "activation", "weights") if key not in entries]
        for key in missing:
            self.report.add(mapping.place, f"this layer has no '{key}'", help)
        return entries

    def _neurons(self, entries: dict[str, Pair]) -> int | None:
        if "neurons" not in entries:
            return None
        return read_integer(self.report, entries["neurons"].value, "'neurons'", 1, MOST_GRAPH_NODES)

    def _within_limit(self, parts: list[dict[str, Pair]], sizes: list[int | None]) -> bool:
        """Whether the graph stays below its limit; otherwise it is refused before any number is made."""
        known = [size for size in sizes if size is not None]
        if self.inputs is None or len(known) < len(sizes) or len(parts) < len(sizes):
            return True
        layers = ((size, "biases" in each, _activation(each)) for size, each in zip(known, parts, strict=True))
        for entries, total in zip(parts, node_count(self.inputs, layers), strict=True):
            if total > MOST_GRAPH_NODES:
                message = f"the network has {total:,} parameters and equations up to here; "
                message += f"the limit is {MOST_GRAPH_NODES:,} graph nodes"
                self.report.add(_place(entries["neurons"].value), message, "make the layers smaller")
                return False
        self.makes_numbers = True
        return True

    def _layer(self, number: int, entries: dict[str, Pair], neurons: int | None, fan_in: int | None) -> Layer | None:
        activation = weights = biases = None
        before = len(self.report)
        if "activation" in entries:
            node = entries["activation"].value
            activation = read_choice(self.report, node, "activation", ACTIVATIONS, _activation_as_equation)
            if activation == "stable_softmax" and neurons is not None and neurons > MOST_COMPARED:
                message = f"a stable_softmax of {neurons:,} neurons; the limit is {MOST_COMPARED:,}"
                self.report.add(node.place, message, "write softmax, or make the layer smaller")
        if "weights" in entries:
            weights = self._weights(number, entries["weights"].value, neurons, fan_in)
        if "biases" in entries:
            biases = self._biases(number, entries["biases"].value, _agreed(entries, neurons))
        if activation is None or weights is None or len(self.report) > before:
            return None
        return Layer(activation, weights, biases)

    def _weights(
        self, number: int, node: Node, neurons: int | None, fan_in: int | None
    ) -> tuple[tuple[float, ...], ...] | None:
        if isinstance(node, Mapping):
            recipe = self._recipe(node, WEIGHT_RECIPES)
            if recipe is None or neurons is None or fan_in is None or not self.makes_numbers:
                return None
            flat = initial_numbers(recipe, number, "weights", neurons, fan_in)
            return tuple(flat[start : start + fan_in] for start in range(0, len(flat), fan_in))
        sequence = read_sequence(self.report, node, "'weights'", f"write {_ROWS_HELP}")
        if sequence is None:
            return None
        if all(isinstance(item, Scalar) for item in sequence.items):
            help = "write it as [[0.1, 0.2], [0.3, 0.4]]: " + _ROWS_HELP
            self.report.add(sequence.place, "'weights' is a list of rows, and this is a list of numbers", help)
            return None
        self._fits(sequence, neurons, "row", "neuron", "in this layer", _ROWS_HELP)
        rows = [self._row(item, fan_in, "before" if number > 1 else "among the inputs") for item in sequence.items]
        good = tuple(row for row in rows if row is not None)
        return good if len(good) == len(rows) else None

    def _row(self, node: Node, fan_in: int | None, where: str) -> tuple[float, ...] | None:
        sequence = read_sequence(self.report, node, "a row of weights", _ROWS_HELP)
        if sequence is None:
            return None
        one = "input" if where == "among the inputs" else "neuron"
        self._fits(sequence, fan_in, "weight", one, "" if one == "input" else "in the layer before", _ROWS_HELP)
        return self._numbers(sequence, "a weight")

    def _biases(self, number: int, node: Node, neurons: int | None) -> tuple[float, ...] | None:
        if isinstance(node, Mapping):
            recipe = self._recipe(node, BIAS_RECIPES)
            if recipe is None or neurons is None or not self.makes_numbers:
                return None
            return initial_numbers(recipe, number, "biases", neurons, 1)
        help = "write one number for each neuron, such as [0.1, 0.2]; without biases, leave the key out"
        sequence = read_sequence(self.report, node, "'biases'", help)
        if sequence is None:
            return None
        self._fits(sequence, neurons, "bias", "neuron", "in this layer", help)
        return self._numbers(sequence, "a bias")

    def _numbers(self, sequence: Sequence, what: str) -> tuple[float, ...] | None:
        numbers = [read_numeral(self.report, item, what) for item in sequence.items]
        good = tuple(number for number in numbers if number is not None)
        return good if len(good) == len(numbers) else None

    def _fits(self, found: Sequence, wanted: int | None, thing: str, one: str, where: str, help: str) -> None:
        """Refuse a list of another length, at the first item too many or at the list that has too few."""
        if wanted is None or len(found.items) == wanted:
            return
        place = _place(found.items[wanted]) if len(found.items) > wanted else found.place
        many = counted(len(found.items), thing, "biases" if thing == "bias" else "")
        message = f"{many}, and {counted(wanted, one)} {where}".rstrip()
        self.report.add(place, message, help if help.startswith("write") else f"write {help}")

    def _recipe(self, node: Mapping, recipes: tuple[str, ...]) -> Recipe | None:
        """The recipe of `{init: he, seed: 7}` or `{init: normal, std: 0.1, seed: 7}`."""
        help = f"write {{init: {recipes[0]}, seed: 7}}; it can be {listed(recipes)}"
        mapping = read_mapping(self.report, node, "a recipe for numbers", help)
        if mapping is None:
            return None
        before = len(self.report)
        entries = known_entries(self.report, mapping, "a recipe for numbers", ("init", "seed", "std"))
        init = required(self.report, mapping, entries, "this recipe", "init", help)
        name = None if init is None else read_choice(self.report, init, "recipe", recipes)
        seed = read_integer(self.report, entries["seed"].value, "'seed'", 0, MOST_SEED) if "seed" in entries else 0
        std = self._std(entries["std"], name) if "std" in entries else 1.0
        return Recipe(name, seed or 0, std) if name is not None and len(self.report) == before else None

    def _std(self, entry: Pair, recipe: str | None) -> float:
        """The deviation of the normal recipe; what is wrong with it is noted."""
        std = read_numeral(self.report, entry.value, "'std'")
        if recipe not in (None, "normal"):
            message, help = f"the recipe '{recipe}' takes no 'std'", "remove it, or write init: normal"
            self.report.add(entry.key.place, message, help)
        elif std is not None and not 0 < std <= MOST_STD:
            message = f"'std' must be greater than 0 and at most {MOST_STD:,}"
            self.report.add(entry.value.place, message, "write a number such as 0.1")
        return std or 0.0


def _activation(entries: dict[str, Pair]) -> str:
    node = entries["activation"].value if "activation" in entries else None
    return node.text if isinstance(node, Scalar) else ""


def _agreed(entries: dict[str, Pair], neurons: int | None) -> int | None:
    """How many neurons a layer has; None where the rows of its weights say something else. Either may be wrong, and
    what would be said of its biases and of the next layer follows from that."""
    weights = entries["weights"].value if "weights" in entries else None
    return None if isinstance(weights, Sequence) and len(weights.items) != neurons else neurons


def _place(node: Node | None) -> Place:
    assert node is not None
    return node.place

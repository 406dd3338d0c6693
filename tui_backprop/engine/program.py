"""An iteration as a program: a straight line of instructions over numbered slots, forward, then backward.

Every value, factor, product and gradient has a slot, so that whatever runs the program, an interpreter that shows
everything or a compiled loop that keeps only the loss, does the same operations in the same order: the same bits.

Layers of a network may be kept whole: then their weights have no instructions, and their neurons' values and gradients
are slots that whoever runs the program fills by matrix products.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from tui_backprop.engine.graph import Graph
from tui_backprop.maths.expression import Call, Expression, Name, Number, post_order
from tui_backprop.maths.functions import CONSTANTS, FUNCTIONS
from tui_backprop.scenario.model import LayerShape


class Instruction(Struct, frozen=True):
    """slots[out] = function(slots[operands])."""

    function: str
    out: int
    operands: tuple[int, ...]


class DenseLayer(Struct, frozen=True):
    """A layer that is kept whole: z = weights @ inputs + biases, and a = activation(z) where that is done one by one.

    shape: its names.
    first_weight: the place of its first weight among the parameters; neuron by neuron its weights and bias follow.
    inputs, z, a: the slots of what it reads, and of its neurons' values; a is () where each of these needs several z.
    follows_layer: whether it reads the activations of the layer before, all of them.
    forward_at, backward_at: how many instructions come before its forward and its backward pass.
    into_z, into_a: what instructions add to its neurons' gradients: pairs of neuron and slot.
    factors, z_gradients, a_gradients: the slots of the derivatives da/dz, and of the gradients.
    input_gradients: the slots of what it gives back to its inputs, where these are no layer's.
    """

    shape: LayerShape
    first_weight: int
    inputs: tuple[int, ...]
    z: tuple[int, ...]
    a: tuple[int, ...]
    follows_layer: bool
    forward_at: int
    backward_at: int = 0
    into_z: tuple[tuple[int, int], ...] = ()
    into_a: tuple[tuple[int, int], ...] = ()
    factors: tuple[int, ...] = ()
    z_gradients: tuple[int, ...] = ()
    a_gradients: tuple[int, ...] = ()
    input_gradients: tuple[int, ...] = ()

    @property
    def filled(self) -> tuple[int, ...]:
        """The slots of its neurons' numbers."""
        return (*self.z, *self.a, *self.factors, *self.z_gradients, *self.a_gradients)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that have no instructions."""
        return (*self.shape.pre_activations, *(self.shape.activations if self.a else ()))


class Program(Struct, frozen=True):
    """The instructions of one iteration for one example.

    initial: the slots before anything ran: numbers and constants in their places, 0 elsewhere.
    parameters: the slots of the parameters, in file order.
    named: the slot of every other name of the scenario.
    factors, gradients: the slot of each edge (of, wrt), and of each node and parameter that has a gradient. What is
        multiplied by a weight of a layer that is kept whole has none, nor has the weight's gradient.
    besides: of such a weight that other equations use too, the slot of what they add to its gradient.
    layers: those that are kept whole, in forward order.
    """

    graph: Graph
    initial: tuple[float, ...]
    parameters: Sequence[int]
    inputs: tuple[int, ...]
    instructions: tuple[Instruction, ...]
    named: Mapping[str, int]
    factors: Mapping[tuple[str, str], int]
    gradients: Mapping[str, int]
    besides: Mapping[str, int]
    layers: tuple[DenseLayer, ...]
    loss: int

    @property
    def values(self) -> Mapping[str, int]:
        """The slot of each node."""
        return {node: self.named[node] for node in self.graph.nodes}

    @property
    def shown(self) -> frozenset[int]:
        """The slots whose numbers some step shows."""
        return frozenset({*self.values.values(), *self.factors.values(), *self.gradients.values()})

    @property
    def parameters_and_inputs(self) -> frozenset[int]:
        """The slots that are filled anew for every example."""
        return frozenset({*self.parameters, *self.inputs})


class Builder:
    """Makes instructions of expressions: every number, name and call gets a slot, the same call only one.

    places: for each parameter its place among them; `parameters` has their slots.
    """

    def __init__(self, constants: Mapping[str, float], places: Mapping[str, int], inputs: Sequence[str]) -> None:
        self.initial: list[float] = []
        self.instructions: list[Instruction] = []
        self.named: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._computed: dict[tuple[str, tuple[int, ...]], int] = {}
        self._of_parts: dict[int, int] = {}
        self._seen: set[int] = set()
        for name, value in chain(CONSTANTS.items(), constants.items()):
            self.named[name] = self.slot(value)
        self._places = places
        self.parameters = range(len(self.initial), len(self.initial) + len(places))
        self.initial += [0.0] * len(places)
        self.inputs = self.slots_for(inputs)

    def slot(self, value: float = 0.0) -> int:
        """A new slot, with what is in it before anything ran."""
        self.initial.append(value)
        return len(self.initial) - 1

    def slots_for(self, names: Sequence[str]) -> tuple[int, ...]:
        """New slots that have these names."""
        found = tuple(self.slot() for _ in names)
        self.named.update(zip(names, found, strict=True))
        return found

    def of_name(self, name: str) -> int:
        """The slot of a name that stands in an expression. Raises KeyError for one that is not known so far."""
        place = self._places.get(name)
        return self.named[name] if place is None else self.parameters[place]

    def number(self, value: float) -> int:
        """The slot of a number."""
        # By its text, because 0.0 and -0.0 are equal but not the same number.
        key = repr(value)
        if key not in self._numbers:
            self._numbers[key] = self.slot(value)
        return self._numbers[key]

    def compute(self, function: str, *operands: int) -> int:
        """The slot of a call; the same call of the same slots is computed once."""
        if function == "*":
            # A factor of 1 changes no bit of the other one.
            one = self._numbers.get("1.0")
            if operands[0] == one:
                return operands[1]
            if operands[1] == one:
                return operands[0]
        if function == "^" and operands[1] == self._numbers.get("2.0"):
            function, operands = "square", operands[:1]
        key = (function, operands)
        if key not in self._computed:
            out = self.slot()
            self._computed[key] = out
            self.instructions.append(Instruction(function, out, operands))
        return self._computed[key]

    def expression(self, tree: Expression) -> int:
        """The slot of an expression of the names known so far. Raises KeyError for another name."""
        return self._slot_of(tree, {}, set())

    def factor(self, tree: Expression) -> int:
        """The slot of a factor's formula, which lives as long as the graph: what it shares with others of them, and the
        factors for the operands of one call may share very much, is looked at once."""
        if not isinstance(tree, Call):
            return self.expression(tree)
        return self._slot_of(tree, self._of_parts, self._seen)

    def _slot_of(self, tree: Expression, slots: dict[int, int], seen: set[int]) -> int:
        for part in post_order(tree, seen):
            if isinstance(part, Number):
                slots[id(part)] = self.number(part.value)
            elif isinstance(part, Name):
                slots[id(part)] = self.of_name(part.name)
            else:
                slots[id(part)] = self.compute(part.function, *(slots[id(argument)] for argument in part.arguments))
        return slots[id(tree)]


def build_program(graph: Graph, layers: Sequence[LayerShape] = ()) -> Program:
    """The instructions of one iteration of the graph, for one example; the layers are kept whole.

    Their pre-activations are weighted sums, each layer's of one row of operands, and the loss is none of their nodes.
    """
    builder = Builder(graph.constants, graph.parameter_places, graph.inputs)
    whole = _forward(builder, graph, layers)
    backward = _Backward(builder, graph, whole)
    backward.build()
    return Program(
        graph=graph,
        initial=tuple(builder.initial),
        parameters=builder.parameters,
        inputs=builder.inputs,
        instructions=tuple(builder.instructions),
        named={name: slot for name, slot in builder.named.items() if name not in CONSTANTS},
        factors=backward.factors,
        gradients=backward.gradients,
        besides=backward.besides,
        layers=tuple(backward.layers),
        loss=builder.named[graph.loss],
    )


def _forward(builder: Builder, graph: Graph, layers: Sequence[LayerShape]) -> list[DenseLayer]:
    whole: list[DenseLayer] = []
    first_of = {shape.pre_activations[0]: shape for shape in layers}
    inside: set[str] = set()
    for node in graph.nodes:
        shape = first_of.get(node)
        if shape is not None:
            # All its neurons have the same operands, so that none of them waits any longer.
            inputs = tuple(map(builder.of_name, graph.equations.sums[node].operands))
            pairs = zip(shape.activations, shape.pre_activations, strict=True)
            is_one_by_one = all(graph.operands[a] == (z,) for a, z in pairs)
            z = builder.slots_for(shape.pre_activations)
            a = builder.slots_for(shape.activations) if is_one_by_one else ()
            first = graph.parameter_places[shape.weights[0][0]]
            follows = bool(whole) and inputs == whole[-1].a
            whole.append(DenseLayer(shape, first, inputs, z, a, follows, len(builder.instructions)))
            inside.update(whole[-1].nodes)
        elif node not in inside:
            builder.named[node] = builder.expression(graph.equations[node])
    return whole


class _Backward:
    """The backward pass, in the backward order; a layer's comes when the gradient of one of its inputs is asked for."""

    def __init__(self, builder: Builder, graph: Graph, layers: list[DenseLayer]) -> None:
        self.builder = builder
        self.graph = graph
        self.layers = layers
        self.inside = {name for layer in layers for name in layer.nodes}
        self.weights: set[str] = set()
        for layer in layers:
            self.weights.update(layer.shape.biases, *layer.shape.weights)
        self.factors: dict[tuple[str, str], int] = {}
        self.gradients: dict[str, int] = {graph.loss: builder.number(1.0)}
        self.besides: dict[str, int] = {}

    def build(self) -> None:
        readers = {
            name: (place, at)
            for place, layer in enumerate(self.layers)
            if not layer.follows_layer
            for at, name in enumerate(self._operands(layer))
        }
        unfinished = len(self.layers)
        for name in self.graph.backward:
            if name in self.inside or name in self.weights:
                continue
            carried: list[int] = []
            if name in readers:
                place, at = readers[name]
                # What is asked for a gradient stands before the layer, and all that is behind the layer has its own.
                while unfinished > place:
                    unfinished -= 1
                    self.layers[unfinished] = self._layer(self.layers[unfinished])
                carried = [self.layers[place].input_gradients[at]]
            self.gradients[name] = self._total([*carried, *self._terms(name)])
        while unfinished:
            unfinished -= 1
            self.layers[unfinished] = self._layer(self.layers[unfinished])
        if self.weights:
            used = {name for node in self.graph.nodes if node not in self.inside for name in self.graph.operands[node]}
            for name in sorted(used & self.weights):
                self.besides[name] = self._total(self._terms(name))

    def _operands(self, layer: DenseLayer) -> tuple[str, ...]:
        return self.graph.equations.sums[layer.shape.pre_activations[0]].operands

    def _terms(self, name: str) -> list[int]:
        """The slots of a gradient's terms, but for those that come through a layer."""
        terms: list[int] = []
        for through in self.graph.consumers.get(name, ()):
            if through in self.inside:
                continue
            factor = self.builder.factor(self.graph.factors[through, name])
            self.factors[through, name] = factor
            terms.append(self.builder.compute("*", self.gradients[through], factor))
        return terms

    def _total(self, terms: list[int]) -> int:
        total = terms[0] if terms else self.builder.number(0.0)
        for term in terms[1:]:
            total = self.builder.compute("+", total, term)
        return total

    def _layer(self, layer: DenseLayer) -> DenseLayer:
        shape, graph = layer.shape, self.graph
        z_gradients, into_z = self._neurons(shape.pre_activations)
        a_gradients, into_a = self._neurons(shape.activations) if layer.a else ((), ())
        factors = tuple(self.builder.slot() for _ in layer.a)
        self.factors.update(zip(zip(shape.activations, shape.pre_activations, strict=True), factors, strict=False))
        gives_back = not layer.follows_layer and any(map(graph.has_gradient, self._operands(layer)))
        return replace(
            layer,
            backward_at=len(self.builder.instructions),
            into_z=into_z,
            into_a=into_a,
            factors=factors,
            z_gradients=z_gradients,
            a_gradients=a_gradients,
            input_gradients=tuple(self.builder.slot() for _ in layer.inputs) if gives_back else (),
        )

    def _neurons(self, names: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        """New slots for the gradients of neurons, and what instructions add to them."""
        into = tuple((place, term) for place, name in enumerate(names) for term in self._terms(name))
        slots = tuple(self.builder.slot() for _ in names)
        pairs = zip(names, slots, strict=True)
        self.gradients.update((name, slot) for name, slot in pairs if self.graph.reaches_loss(name))
        return slots, into


def live(instructions: tuple[Instruction, ...], outputs: Iterable[int]) -> list[Instruction]:
    """The instructions that the outputs need, in order."""
    needed = set(outputs)
    found: list[Instruction] = []
    for instruction in reversed(instructions):
        if instruction.out in needed:
            needed.update(instruction.operands)
            found.append(instruction)
    found.reverse()
    return found


def told_by_loss(program: Program) -> tuple[tuple[int, ...], frozenset[int]]:
    """The nodes' values which may stop being finite while the loss and the other ones found here stay so, and the slots
    which cannot.

    On the way to the loss a function may swallow what is not finite, as the sigmoid does with an infinity. What a layer
    reads that is kept whole is taken to be told by its pre-activations.
    """
    values = set(program.values.values())
    telling = {program.loss}.union(*(layer.inputs for layer in program.layers))
    hiding: list[int] = []
    for instruction in reversed(program.instructions):
        if instruction.out in values and instruction.out not in telling:
            telling.add(instruction.out)
            hiding.append(instruction.out)
        if instruction.out in telling:
            carries = FUNCTIONS[instruction.function].carries
            telling.update(slot for slot, carried in zip(instruction.operands, carries, strict=True) if carried)
    return tuple(reversed(hiding)), frozenset(telling)

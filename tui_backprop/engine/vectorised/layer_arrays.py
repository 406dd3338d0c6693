"""A layer over all examples of a batch: its forward and backward pass as matrix products, and where its arrays lie.

Forward: z = W x, a = f(z). Backward: da = transposed W of the layer behind times its dz, dz = da f'(z), dW = dz times
transposed x. An array has a row for each neuron and a column for each example. Biases are the last column of W, as they
lie among the parameters, and x has a last row of ones for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tui_backprop.engine.program import DenseLayer, Program, told_by_loss
from tui_backprop.engine.vectorised.array_functions import formula_on_arrays
from tui_backprop.maths.derivative import factor_formulas
from tui_backprop.maths.expression import Call, Name
from tui_backprop.maths.functions import FUNCTIONS

Array = np.ndarray[Any, np.dtype[np.float64]]
Slots = list[Any]
"""The numbers of a pass: an array over the examples, or one number for all of them, in every slot of the program;
behind these the arrays of the layers."""

_ARRAYS = 6


class Views(NamedTuple):
    """The weights of a layer, biases included, in a row of parameters; the same without biases; and their gradients."""

    whole: Array
    weights: Array
    gradients: Array


class LayerArrays:
    """One layer of a program. `number` counts from 0; `read` has the slots that instructions read."""

    def __init__(self, program: Program, number: int, read: frozenset[int]) -> None:
        layer = program.layers[number]
        self.layer = layer
        first = len(program.initial) + _ARRAYS * number
        self.arrays = range(first, first + _ARRAYS)
        """Where in the slots its arrays lie."""
        self._x, self._z, self._a, self._f, self._da, self._dz = self.arrays
        self._before = self._a - _ARRAYS if layer.follows_layer else None
        has_following = number + 1 < len(program.layers) and program.layers[number + 1].follows_layer
        self._behind = self._dz + _ARRAYS if has_following else None
        self._rows = _rows_of(layer.inputs, program.inputs)
        self._fan_in = len(layer.inputs)
        self._columns = self._fan_in + bool(layer.shape.biases)
        values = ((self._z, layer.z), (self._a, layer.a))
        self._read = [(slot, at, row) for at, slots in values for row, slot in enumerate(slots) if slot in read]
        if layer.a:
            a, z = layer.shape.activations[0], layer.shape.pre_activations[0]
            equation = program.graph.equations[a]
            self._activation = formula_on_arrays(equation, (z,))
            self._derivative = formula_on_arrays(factor_formulas(equation, a)[z], (z, a))

    def views(self, row: Array, gradients: Array) -> Views:
        """Where the layer's parameters lie in a row of all parameters, and their gradients."""
        shape, start = (len(self.layer.z), self._columns), 8 * self.layer.first_weight
        whole = np.ndarray(shape, np.float64, row, start)
        return Views(whole, whole[:, : self._fan_in], np.ndarray(shape, np.float64, gradients, start))

    def forward(self, slots: Slots, views: Views, batch: Array) -> None:
        """Fill what the layer computes."""
        slots[self._x] = x = np.empty((self._columns, batch.shape[1]))
        if self._before is not None:
            x[: self._fan_in] = slots[self._before]
        elif self._rows is not None:
            x[: self._fan_in] = batch[self._rows]
        else:
            for row, slot in enumerate(self.layer.inputs):
                x[row] = slots[slot]
        x[self._fan_in :] = 1.0
        slots[self._z] = z = np.matmul(views.whole, x)
        if self.layer.a:
            slots[self._a] = self._activation(z)
        for slot, at, row in self._read:
            slots[slot] = slots[at][row]

    def backward(self, slots: Slots, views: Views, behind: Sequence[Views]) -> None:
        """Fill the gradients of the layer's neurons and parameters; `behind` has the views of the layer behind it."""
        layer, size = self.layer, slots[self._z].shape[1]
        if layer.a:
            if self._behind is not None:
                da = np.matmul(behind[0].weights.T, slots[self._behind])
            else:
                da = np.zeros((len(layer.a), size))
            for row, slot in layer.into_a:
                da[row] += slots[slot]
            slots[self._da] = da
            slots[self._f] = derivative = self._derivative(slots[self._z], slots[self._a])
            dz = da * derivative
        else:
            dz = np.zeros((len(layer.z), size))
            slots[self._a] = slots[self._f] = slots[self._da] = dz
        for row, slot in layer.into_z:
            dz[row] += slots[slot]
        slots[self._dz] = dz
        np.matmul(dz, slots[self._x].T, views.gradients)
        if layer.input_gradients:
            for slot, numbers in zip(layer.input_gradients, np.matmul(views.weights.T, dz), strict=True):
                slots[slot] = numbers

    def spread(self, slots: Slots) -> None:
        """Put every neuron's numbers into its slots."""
        layer = self.layer
        groups = ((self._z, layer.z), (self._a, layer.a), (self._dz, layer.z_gradients), (self._da, layer.a_gradients))
        for at, of_neurons in groups:
            for row, slot in enumerate(of_neurons):
                slots[slot] = slots[at][row]
        if layer.a:
            factors = np.broadcast_to(slots[self._f], slots[self._a].shape)
            for row, slot in enumerate(layer.factors):
                slots[slot] = factors[row]

    def hiding(self, program: Program) -> list[int]:
        """Where arrays lie that may stop being finite while nothing tells of it: neither the loss nor a gradient."""
        layer, told = self.layer, told_by_loss(program)[1]
        found: list[int] = []
        if layer.a and self._behind is None and not told.issuperset(layer.a):
            found.append(self._a)
        if not (_carries(program, layer) if layer.a else told.issuperset(layer.z)):
            found.append(self._z)
        return found


def _rows_of(slots: Sequence[int], inputs: Sequence[int]) -> slice | list[int] | None:
    """The rows of the examples that have these slots; None where some are computed."""
    places = {slot: place for place, slot in enumerate(inputs)}
    if not all(slot in places for slot in slots):
        return None
    rows = [places[slot] for slot in slots]
    is_even = rows == list(range(rows[0], rows[0] + len(rows)))
    return slice(rows[0], rows[0] + len(rows)) if is_even else rows


def _carries(program: Program, layer: DenseLayer) -> bool:
    """Whether the activation of a number that is not finite is not finite either."""
    equation = program.graph.equations[layer.shape.activations[0]]
    if not isinstance(equation, Call):
        return True
    return equation.arguments == (Name(layer.shape.pre_activations[0]),) and FUNCTIONS[equation.function].carries[0]

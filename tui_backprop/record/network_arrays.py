"""The parameters of a network's layers, or numbers that belong to them, as numpy arrays by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui_backprop.errors import UsageError
from tui_backprop.scenario.model import NetworkShape

if TYPE_CHECKING:
    import numpy

    Arrays = Mapping[str, numpy.ndarray]


def network_arrays(network: NetworkShape | None, places: Mapping[str, int], numbers: Sequence[float]) -> Arrays:
    """For each layer l, counted from 1, `W{l}`, row j of which goes into neuron j, and `b{l}` where it has biases.

    numbers: those of all parameters in file order, in which `places` has each of them. Raises UsageError where there is
    no network.
    """
    if network is None:
        raise UsageError("this scenario has no 'network', so it has no layers; parameters(k) has its numbers by name")
    # Here, because nobody needs it who does not ask for arrays.
    import numpy

    found: dict[str, numpy.ndarray] = {}
    for number, layer in enumerate(network.layers, 1):
        found[f"W{number}"] = numpy.array([[numbers[places[name]] for name in row] for row in layer.weights])
        if layer.biases:
            found[f"b{number}"] = numpy.array([numbers[places[name]] for name in layer.biases])
    return found

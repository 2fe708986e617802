"""A linear support vector machine in plain Python: which words speak for a label, and how loudly.

Trained by dual coordinate descent (Hsieh and others, "A Dual Coordinate Descent Method for Large-scale Linear SVM",
ICML 2008) with the squared hinge loss. The same examples in the same order give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from random import Random

COST = 1.0  # how much an example on the wrong side of the margin counts
ROUNDS = 12
_ORDER = 20  # seed of the order of examples
_ENOUGH = 1e-4  # a smaller step changes nothing that is seen

Example = tuple[Sequence[int], Sequence[float]]  # numbers of features, each once, and their values


def train(examples: Sequence[Example], labels: Sequence[bool], features: int) -> list[float]:
    """The weight of each feature, and last the bias. An example is positive when its sum with the bias is above 0."""
    weights = [0.0] * (features + 1)
    known = [([*numbers, features], [*values, 1.0]) for numbers, values in examples]
    signs = [1.0 if label else -1.0 for label in labels]
    slack = 0.5 / COST
    curves = [sum(map(mul, values, values)) + slack for _, values in known]
    forces = [0.0] * len(known)
    order = list(range(len(known)))
    dice = Random(_ORDER)  # noqa: S311  # no secret: the same order each time is the point
    for _ in range(ROUNDS):
        dice.shuffle(order)
        for at in order:
            numbers, values = known[at]
            sign = signs[at]
            margin = sign * sum(map(mul, map(weights.__getitem__, numbers), values))
            force = max(0.0, forces[at] - (margin - 1.0 + forces[at] * slack) / curves[at])
            step = (force - forces[at]) * sign
            if abs(step) < _ENOUGH:
                continue
            forces[at] = force
            for number, value in zip(numbers, values, strict=True):
                weights[number] += step * value
    return weights

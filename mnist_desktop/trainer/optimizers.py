"""One update formula on one flat vector; SGD, RMSprop and AdamW are special cases of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Optimizer:
    """The constants of the update.

    With gradient g, rate η and step t:  m ← β₁·m + k·g,  s ← β₂·s + (1 − β₂)·g²,
    w ← w − η·( m̂ / (√ŝ + ε) + λ·w ), or m̂ / √(ŝ + ε) in it.

    Parameters
    ----------
    momentum
        β₁; 0 keeps no m.
    damped
        k is 1 − β₁ (Adam) when true, 1 (SGD with momentum, as Keras and PyTorch have it) else.
    square_decay
        β₂; None divides by nothing and keeps no s.
    epsilon
        ε, which keeps the update of a parameter with vanishing gradients small.
    epsilon_in_root
        ε stands inside the root (Keras 3's RMSprop) when true, outside (Adam, PyTorch) else.
    weight_decay
        λ, decoupled from the gradient (Loshchilov and Hutter 2019) and of weights alone.
    correct_bias
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ) (Kingma and Ba 2015) when true, m and s themselves else.
    """

    name: str
    momentum: float = 0.0
    damped: bool = False
    square_decay: float | None = None
    epsilon: float = 1e-8
    epsilon_in_root: bool = False
    weight_decay: float = 0.0
    correct_bias: bool = False


SGD = Optimizer("sgd")
"""Plain gradient descent, as the second article trains."""

RMSPROP = Optimizer("rmsprop", square_decay=0.9, epsilon=1e-7, epsilon_in_root=True)
"""The RMSprop of Keras 3 with its default constants, as the first article trains."""

ADAMW = Optimizer(
    "adamw", momentum=0.9, damped=True, square_decay=0.999, weight_decay=0.01, correct_bias=True
)
"""Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), PyTorch's constants."""


@dataclass
class OptimizerState:
    """What an optimizer remembers between steps.

    Parameters
    ----------
    steps
        Updates begun so far.
    first, second
        m and s, each `(p,)` float32; empty where the optimizer keeps none.
    """

    steps: int
    first: NDArray[np.float32]
    second: NDArray[np.float32]

    @classmethod
    def fresh(cls, optimizer: Optimizer, size: int) -> OptimizerState:
        """Return the state before the first update of `size` parameters."""
        return cls(
            0,
            np.zeros(size if optimizer.momentum else 0, np.float32),
            np.zeros(size if optimizer.square_decay is not None else 0, np.float32),
        )

    def part(self, block: slice) -> OptimizerState:
        """Return the state of a block of the parameters, as views of this one."""
        return OptimizerState(self.steps, self.first[block], self.second[block])


# A fit that diverges is seen by its loss; numpy need not say so too.
@np.errstate(over="ignore", invalid="ignore")
def update(
    optimizer: Optimizer,
    state: OptimizerState,
    *,
    parameters: NDArray[Any],
    gradient: NDArray[Any],
    rate: float,
    decaying: NDArray[Any],
) -> None:
    """Make one update of `parameters`, or of a block of them, in place.

    Parameters
    ----------
    state
        Of these parameters; its `steps` counts this update already.
    parameters, gradient
        `(p,)` of one float type; `gradient` is used as scratch and is worthless afterwards.
    rate
        The learning rate η of this step.
    decaying
        `(p,)`, 1 where weight decay acts and 0 elsewhere (biases, batch norm).
    """
    denominator: NDArray[Any] | None = None
    if optimizer.square_decay is not None:
        beta = optimizer.square_decay
        scale = 1.0 / (1.0 - beta**state.steps) if optimizer.correct_bias else 1.0
        state.second *= beta
        denominator = np.square(gradient)
        denominator *= 1.0 - beta
        state.second += denominator
        np.multiply(state.second, scale, out=denominator)
        if optimizer.epsilon_in_root:
            denominator += optimizer.epsilon
        np.sqrt(denominator, out=denominator)
        if not optimizer.epsilon_in_root:
            denominator += optimizer.epsilon
    direction = gradient
    if optimizer.momentum:
        beta = optimizer.momentum
        scale = 1.0 / (1.0 - beta**state.steps) if optimizer.correct_bias else 1.0
        state.first *= beta
        if optimizer.damped:
            gradient *= 1.0 - beta
        state.first += gradient
        np.multiply(state.first, scale, out=direction)
    if denominator is not None:
        direction /= denominator
    if optimizer.weight_decay:
        direction += (parameters * decaying) * optimizer.weight_decay
    direction *= rate
    parameters -= direction


def one_cycle(fraction: float, *, peak: float, warm_up: float) -> float:
    """Return the learning rate after `fraction` (0 to 1) of all steps.

    Linear up to `peak` over the share `warm_up`, then linear down to zero (Smith and Topin 2018,
    "Super-Convergence"; the linear shape of the fast CIFAR-10 records).
    """
    if fraction < warm_up:
        return peak * (0.04 + 0.96 * fraction / warm_up)
    return peak * max(0.0, 1.0 - fraction) / (1.0 - warm_up)

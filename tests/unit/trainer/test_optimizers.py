"""The one formula against the special cases as their authors wrote them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mnist_desktop.trainer.optimizers import (
    ADAMW,
    RMSPROP,
    SGD,
    Optimizer,
    OptimizerState,
    one_cycle,
    update,
)

STEPS, RATE = 7, 0.1


def gradients() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(STEPS, 5))


def updated(optimizer: Optimizer, decaying: np.ndarray | None = None) -> np.ndarray:
    w = np.linspace(-1, 1, 5)
    state = OptimizerState.fresh(optimizer, 5)
    state.first, state.second = state.first.astype(float), state.second.astype(float)
    for g in gradients():
        chosen = np.ones(5) if decaying is None else decaying
        state.steps += 1
        update(optimizer, state, parameters=w, gradient=g.copy(), rate=RATE, decaying=chosen)
    assert state.steps == STEPS
    return w


@pytest.mark.parametrize("optimizer", [SGD, RMSPROP, ADAMW], ids=lambda o: o.name)
def test_blocks_one_by_one_are_an_update_of_the_whole(optimizer: Optimizer) -> None:
    w, g = np.linspace(-1, 1, 5), gradients()[0]
    state = OptimizerState.fresh(optimizer, 5)
    state.steps = 1
    for block in (slice(3, 5), slice(0, 3)):
        update(
            optimizer,
            state.part(block),
            parameters=w[block],
            gradient=g[block].copy(),
            rate=RATE,
            decaying=np.ones(5)[block],
        )
    whole, fresh = np.linspace(-1, 1, 5), OptimizerState.fresh(optimizer, 5)
    fresh.steps = 1
    update(optimizer, fresh, parameters=whole, gradient=g.copy(), rate=RATE, decaying=np.ones(5))
    np.testing.assert_array_equal(w, whole)
    np.testing.assert_array_equal(state.first, fresh.first)
    np.testing.assert_array_equal(state.second, fresh.second)


def test_sgd() -> None:
    np.testing.assert_allclose(updated(SGD), np.linspace(-1, 1, 5) - RATE * gradients().sum(0))


def test_sgd_with_momentum() -> None:
    w, v = np.linspace(-1, 1, 5), np.zeros(5)
    for g in gradients():
        v = 0.9 * v + g
        w = w - RATE * v
    np.testing.assert_allclose(updated(Optimizer("momentum", momentum=0.9)), w)


def test_rmsprop_as_keras_has_it() -> None:
    w, s = np.linspace(-1, 1, 5), np.zeros(5)
    for g in gradients():
        s = 0.9 * s + 0.1 * g**2
        w = w - RATE * g / np.sqrt(s + 1e-7)
    np.testing.assert_allclose(updated(RMSPROP), w, rtol=1e-12)


def test_adamw_as_loshchilov_and_hutter_have_it() -> None:
    decaying = np.array([1.0, 1, 0, 0, 1])
    w, m, s = np.linspace(-1, 1, 5), np.zeros(5), np.zeros(5)
    for t, g in enumerate(gradients(), 1):
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**2
        step = (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        w = w - RATE * (step + 0.01 * decaying * w)
    np.testing.assert_allclose(updated(ADAMW, decaying), w)


def test_one_cycle_rises_to_its_peak_and_falls_to_nothing() -> None:
    rates = [one_cycle(f, peak=2.0, warm_up=0.25) for f in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(2.0)
    assert int(np.argmax(rates)) == 25
    assert rates[-1] == 0.0
    assert all(b > a for a, b in pairwise(rates[:26]))
    assert all(b < a for a, b in pairwise(rates[25:]))

"""Run training steps of a network in TensorFlow, for `../articles.py`; one JSON request a line.

    {"layers": [["Convolution", 32, 3, 1, 0, true], …], "batch": 128, "optimizer": "rmsprop",
     "rate": 0.001, "way": "fit", "steps": 5}  →  [milliseconds of each step]

Ways: "fit" is Keras's `model.fit` as the articles call it, on a slice of the training files; "fit
without XLA" the same compiled by `jit_compile=False`; "train_on_batch" and "function" (a step of
one's own in a `tf.function`) are fed from memory. TensorFlow lives in an environment of this
benchmark alone; the program never imports it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy as np
import tensorflow as tf

PADDING = {0: "valid"}
"""The articles' networks pad nothing."""

LAYERS: dict[str, Callable[..., Any]] = {
    "Convolution": lambda filters, size, stride, padding, bias: keras.layers.Conv2D(
        filters, size, strides=stride, padding=PADDING[padding], use_bias=bias
    ),
    "Relu": keras.layers.ReLU,
    "MaxPool": lambda size, stride: keras.layers.MaxPooling2D(size, strides=stride),
    "Dropout": keras.layers.Dropout,
    "Dense": keras.layers.Dense,
}

OPTIMIZERS = {"rmsprop": keras.optimizers.RMSprop, "sgd": keras.optimizers.SGD}


class Clock(keras.callbacks.Callback):
    """Note when each batch of a `fit` ends."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[float] = []

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Note the time."""
        self.ticks.append(time.perf_counter())


class Training:
    """One network with its optimizer, trained in one way on noise in memory."""

    def __init__(self, request: dict[str, Any]) -> None:
        random = np.random.default_rng(0)
        self.batch, self.way = request["batch"], request["way"]
        self.images = random.random((self.batch, 28, 28, 1), np.float32)
        self.labels = random.integers(0, 10, self.batch)
        self.model = keras.Sequential([keras.Input((28, 28, 1))])
        flat = False
        for kind, *values in request["layers"]:
            if kind == "Dense" and not flat:
                self.model.add(keras.layers.Flatten())
                flat = True
            self.model.add(LAYERS[kind](*values))
        # The logits go into the loss, which costs less than the articles' softmax layer.
        self.loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.optimizer = OPTIMIZERS[request["optimizer"]](request["rate"])
        self.model.compile(
            self.optimizer,
            self.loss,
            metrics=["accuracy"],
            jit_compile="auto" if self.way == "fit" else False,
        )
        self.optimizer.build(self.model.trainable_variables)
        self.step = tf.function(self._step)

    def steps(self, count: int) -> list[float]:
        """Return the milliseconds of each of `count` steps."""
        if self.way.startswith("fit"):
            return self._fit(count)
        taken = []
        for _ in range(count):
            began = time.perf_counter()
            if self.way == "function":
                self.step(tf.constant(self.images), tf.constant(self.labels)).numpy()
            else:
                self.model.train_on_batch(self.images, self.labels)
            taken.append(1000 * (time.perf_counter() - began))
        return taken

    def _fit(self, count: int) -> list[float]:
        """Time the batches of a `fit`, but for the first, which carries its start."""
        images = np.resize(self.images, ((count + 1) * self.batch, 28, 28, 1))
        labels = np.resize(self.labels, (count + 1) * self.batch)
        clock = Clock()
        self.model.fit(
            images, labels, batch_size=self.batch, epochs=1, verbose=0, callbacks=[clock]
        )
        return [1000 * float(taken) for taken in np.diff(clock.ticks)]

    def _step(self, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """Run forward, backward and update."""
        with tf.GradientTape() as tape:
            loss = self.loss(labels, self.model(images, training=True))
        weights = self.model.trainable_variables
        gradients = tape.gradient(loss, weights)
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return loss


def main() -> None:
    """Answer requests until there are no more."""
    tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
    trainings: dict[str, Training] = {}
    for line in sys.stdin:
        request = json.loads(line)
        steps = request.pop("steps")
        key = json.dumps(request, sort_keys=True)
        if key not in trainings:
            trainings[key] = Training(request)
        print(json.dumps(trainings[key].steps(steps)), flush=True)


if __name__ == "__main__":
    main()

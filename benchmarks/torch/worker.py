"""Run training steps of a network in PyTorch, for `../train_step.py`; one JSON request a line.

    {"layers": [["Convolution", 24, 5, 2, 2], …], "batch": 128, "format": "channels-last",
     "optimizer": "adamw", "steps": 5}  →  [milliseconds of each step]

PyTorch lives in an environment of this benchmark alone; the program never imports it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import torch
from torch import nn

LAYERS: dict[str, Any] = {
    "Convolution": lambda filters, size, stride, padding, bias: nn.LazyConv2d(
        filters, size, stride=stride, padding=padding, bias=bias
    ),
    "BatchNorm": nn.LazyBatchNorm2d,
    "Relu": nn.ReLU,
    "MaxPool": lambda size, stride: nn.MaxPool2d(size, stride),
    "Dropout": nn.Dropout,
    "Dense": lambda units: nn.Sequential(nn.Flatten(), nn.LazyLinear(units)),
}


class Training:
    """One network with its optimizer and a batch of noise."""

    def __init__(self, request: dict[str, Any]) -> None:
        torch.manual_seed(0)
        self.images = torch.rand(request["batch"], 1, 28, 28)
        self.labels = torch.randint(0, 10, (request["batch"],))
        self.model = nn.Sequential(*(LAYERS[kind](*values) for kind, *values in request["layers"]))
        self.model(self.images)
        if request["format"] == "channels-last":
            self.model = self.model.to(memory_format=torch.channels_last)
            self.images = self.images.to(memory_format=torch.channels_last)
        kinds = {"adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}
        self.optimizer = kinds[request["optimizer"]](self.model.parameters(), lr=1e-4)
        self.loss = nn.CrossEntropyLoss()

    def step(self) -> float:
        """Run forward, backward and update; return the milliseconds."""
        began = time.perf_counter()
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.model(self.images), self.labels).backward()
        self.optimizer.step()
        return 1000 * (time.perf_counter() - began)


def main() -> None:
    """Answer requests until there are no more."""
    torch.set_num_threads(int(sys.argv[1]))
    trainings: dict[str, Training] = {}
    for line in sys.stdin:
        request = json.loads(line)
        steps = request.pop("steps")
        key = json.dumps(request, sort_keys=True)
        training = trainings.setdefault(key, Training(request))
        print(json.dumps([training.step() for _ in range(steps)]), flush=True)


if __name__ == "__main__":
    main()

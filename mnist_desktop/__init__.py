"""Look at handwritten-digit datasets, draw digits, and train the network that reads them."""

import os

# onnxruntime 1.31 keeps a device number and a database of events in the person's cache folder and
# sends them to its maker. Nothing leaves this computer (docs/adr/0007); asked before any import.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"

"""Look at handwritten-digit datasets, draw digits, and train the network that reads them."""

__version__ = "0.1.0"

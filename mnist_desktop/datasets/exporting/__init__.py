"""How each format of an export is written; `mnist_desktop.datasets.export` is the way in."""

"""Learn: a gradient graph run by onnxruntime, recipes, runs, export. Knows no window."""

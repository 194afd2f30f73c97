"""Answer: ink to picture, any ONNX classifier, its contract. Needs onnxruntime and numpy."""

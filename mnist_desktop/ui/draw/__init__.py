"""The page to draw on: the pad, the answer, and the way from the ink to the network."""

"""Show and ask: the window and its pages. Computes nothing itself."""

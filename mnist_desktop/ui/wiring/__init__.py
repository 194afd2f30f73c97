"""All connections between the window, its pages and the work beside it: the one place they meet."""

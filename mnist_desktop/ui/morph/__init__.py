"""The page that goes from one image to another, and shows where the answer turns."""

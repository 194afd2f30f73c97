"""The page that tells how good a classifier is, and shows what it misread."""

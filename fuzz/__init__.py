"""Coverage-guided fuzzing of what reads files that nobody vouches for; `make fuzz` runs it."""

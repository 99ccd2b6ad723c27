"""Coverage-guided fuzzing of what reads strangers' bytes; `make fuzz` runs it, and no test does."""

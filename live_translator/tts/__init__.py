"""Text to speech: voices, clauses, catch-up, and the speaking stage."""

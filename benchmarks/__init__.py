"""What the project claims, measured; every number in RESULTS.md comes from here."""

"""Our own parsers, given anything: by coverage (atheris) and by example (hypothesis)."""

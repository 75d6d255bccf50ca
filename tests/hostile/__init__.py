"""Broken and hostile input: what the program makes of it, and that it says so in one sentence."""

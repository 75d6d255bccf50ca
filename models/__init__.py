"""The models that the program knows (`manifest.toml`), ships, and how its own was trained."""

"""The same pipeline for clients on the network: `live-translate serve` (extra `serve`).

Nothing else in the program imports this package.
"""

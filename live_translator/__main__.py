"""`python -m live_translator` is `live-translate`."""

from live_translator.cli import entry

if __name__ == "__main__":
    entry()

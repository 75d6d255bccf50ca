"""`python -m live_translator` is `live-translate`."""

import sys

from live_translator.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""live-translate: hears one language and speaks another while the speaker is still talking."""

import os

__version__ = "0.1.0"

# From 1.29 on, ONNX Runtime reports to its makers which models are loaded and how long they
# take, over the network and by way of a database in the user's cache, unless this is set
# before it is first imported (Privacy.md in its package).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

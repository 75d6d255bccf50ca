"""Sound in and out: sources, voice activity, endpointing, capture, sinks."""

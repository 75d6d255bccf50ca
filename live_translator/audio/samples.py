"""What any sample must be before it goes on: a number, within bounds."""

import numpy as np

from live_translator.messages import Samples


def tamed(samples: Samples) -> Samples:
    """Return the samples within [-1, 1], with silence for what is no number."""
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)

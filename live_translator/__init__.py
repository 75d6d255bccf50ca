"""live-translate: hears one language and speaks another while the speaker is still talking."""

__version__ = "0.1.0"

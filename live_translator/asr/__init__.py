"""Speech to text: the Whisper adapter, agreement, and the streaming recogniser."""

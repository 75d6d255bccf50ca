"""What a person reads: terminal captions, subtitle files, transcripts."""

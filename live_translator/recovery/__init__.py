"""What keeps a talk going: model calls that fail, hang or run out of memory."""

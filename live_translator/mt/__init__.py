"""Text to text: translation engines, the commit policy, and the streaming translator."""

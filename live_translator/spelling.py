"""What a word is whatever its case and the marks in and around it."""


def bare(word: str) -> str:
    """Return a word's letters and digits, case folded; nothing of a punctuation mark."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())

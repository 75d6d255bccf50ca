"""What a word is whatever its case and the marks in and around it, and which words are alike."""


def bare(word: str) -> str:
    """Return a word's letters and digits, case folded; nothing of a punctuation mark."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def likeness(one: str, other: str) -> float:
    """Return 1 for the same bare word, 0.6 for what may be another form of it, else 0."""
    if one == other:
        return 1.0
    shared = 0
    for letter, other_letter in zip(one, other, strict=False):
        if letter != other_letter:
            break
        shared += 1
    return 0.6 if shared >= 3 and shared * 2 >= max(len(one), len(other)) else 0.0

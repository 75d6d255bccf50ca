"""What follows a beginning that may be spaced otherwise."""


def after_prefix(text: str, prefix: str) -> str:
    """Return what follows `prefix` in `text`, whatever the spaces between the words."""
    letters = sum(not letter.isspace() for letter in prefix)
    for index, letter in enumerate(text):
        if letters == 0:
            return text[index:]
        letters -= not letter.isspace()
    return ""

"""How Welsh words change at their beginning: who looks for canu types "i ganu" as well."""

SOFT = {
    "ll": "l", "rh": "r", "p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f",
}  # fmt: skip
ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
UNCHANGED = ("ch", "dd", "ff", "ng", "ph", "th", "ts")
"""Letters written with two signs that do not change."""
SHORTEST = 3  # letters of a changed word: shorter ones are other words


def mutations(words: str) -> tuple[str, ...]:
    """Return the words with the first in its soft and its aspirate form, where it has them."""
    first, space, others = words.partition(" ")
    if first[:2].lower() in UNCHANGED:
        return ()
    changed = (_changed(first, forms) for forms in (SOFT, ASPIRATE))
    return tuple(word + space + others for word in changed if len(word) >= SHORTEST)


def _changed(word: str, forms: dict[str, str]) -> str:
    """Return the word with its first letter changed; nothing where it stays as it is."""
    for letter, form in forms.items():
        if word.lower().startswith(letter):
            return form + word[len(letter) :]
    return ""

"""Which names are one: what tells whether an organisation in a place has signed already."""

import unicodedata


def name_mark(name: str, place: str) -> str:
    """Return the one way to write a name in a place, so that `The Mill ` meets `the mill`."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    if words[:1] == ["the"]:
        del words[0]
    return f"{' '.join(words)}\n{place}"

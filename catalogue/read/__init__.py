"""Files of `content/` into structs, with every fault at once."""

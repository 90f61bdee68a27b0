"""Front matter into structs, with every fault at once."""

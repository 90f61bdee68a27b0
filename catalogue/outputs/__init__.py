"""Everything that is published, made from the catalogue's structs: a module for each output."""

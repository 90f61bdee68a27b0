"""One activity, many projections: a module for each thing we publish from the same struct."""

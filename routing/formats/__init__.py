"""Instances of the literature and of VROOM: files in, `Instance` out; solutions as text and JSON."""

from routing.formats.errors import InstanceFileError, InstanceOptionError
from routing.formats.instance import Format, Instance, Rounding
from routing.formats.reader import read_instance

__all__ = ["Format", "Instance", "InstanceFileError", "InstanceOptionError", "Rounding", "read_instance"]

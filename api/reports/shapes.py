"""The communes of a province's network as areas to colour."""

from __future__ import annotations

import numpy as np

from api.plans.places import DECIMALS
from api.reports.naming import Names
from api.reports.schemas import CommuneShape, CommuneShapes
from geo.outlines import estimated_outlines
from geo.units import load_communes


def shapes_of(names: Names) -> CommuneShapes:
    """Draw them between their points, as the console's map does."""
    known = load_communes(names.day).by_code
    units = [known[code] for code in sorted(names.communes & known.keys())]
    outlines = estimated_outlines(np.array([(unit.lon, unit.lat) for unit in units]))
    return CommuneShapes(
        communes=tuple(
            CommuneShape(
                code=unit.code,
                name=unit.name,
                outline=tuple(tuple((lon, lat) for lon, lat in ring.round(DECIMALS).tolist()) for ring in rings),
            )
            for unit, rings in zip(units, outlines, strict=True)
        )
    )

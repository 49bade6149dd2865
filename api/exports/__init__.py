"""A plan as files to hand out: round sheets and manifests on paper, a workbook, GeoJSON, GPX."""

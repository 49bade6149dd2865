"""A coverage study as files to hand out: maps for a GIS, a workbook, and a report on paper or to be edited."""

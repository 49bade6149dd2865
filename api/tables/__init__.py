"""Tables in, typed rows out: CSV, XLSX and JSON, every bad cell named."""

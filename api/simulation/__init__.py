"""A province's network replayed over days, months or a year: plans made by the engine, days that stray from them."""

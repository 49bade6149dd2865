"""Level-2 lines of a province: designed with the engine, written as rows of `lines`."""

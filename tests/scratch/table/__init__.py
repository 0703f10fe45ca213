"""The table: for each family of the engine, the calls that are compared with torch's."""

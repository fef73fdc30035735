"""Agency names to administrative divisions by code, where they can be told. Data: ``models/regions``."""

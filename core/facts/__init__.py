"""What was read from Azure, as plain frozen values, one module per area. No I/O happens here."""

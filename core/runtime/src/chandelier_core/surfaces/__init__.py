"""The ways in: slash, text and REST turn their own input into a Call and render an Outcome."""

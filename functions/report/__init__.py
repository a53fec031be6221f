"""Reports the score."""

"""Shows single answers, with what their people wrote."""

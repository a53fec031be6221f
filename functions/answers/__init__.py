"""Shows answers with what their people wrote: one, a list, or a small file."""

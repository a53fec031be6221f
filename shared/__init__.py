"""The domain of Recomenda: what functions and tests alike import as `shared.…`."""

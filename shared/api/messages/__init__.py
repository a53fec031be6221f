"""What goes over the wire, one module a kind, so that `collect` starts with answers alone. Requests refuse unknown fields."""

"""Pages of policy: packs and one child; scenarios."""

"""Pages about posts, accounts and logs: they stand here because only ``access`` sees posts and rights together."""

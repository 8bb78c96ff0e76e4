"""The door itself (``door``) and the pages on which it is kept (``keys``)."""

"""Every operation of the door, one small function each: who asks, which desk, what is answered. ``application`` mounts them."""

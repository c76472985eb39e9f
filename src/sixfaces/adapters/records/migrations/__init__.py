"""Every step that the tables have taken, oldest first in `versions`."""

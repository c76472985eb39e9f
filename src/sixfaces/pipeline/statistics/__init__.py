"""Statistics of the machine, made of the archive and of what people said."""

"""The item beside the order's reference pictures: appearance, and an operator's own model."""

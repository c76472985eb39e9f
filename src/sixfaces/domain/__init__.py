"""The words of the product: frozen models, enums, errors and ports. No I/O; imports nothing else of ours."""

"""Makes exhibit packs: of a folder that `sixfaces verify` has written, or of a case of an installation."""

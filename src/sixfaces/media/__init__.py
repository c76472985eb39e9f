"""DECODE: probe, one-pass frames, stills, limits; the only place that starts ffmpeg or a decoder."""

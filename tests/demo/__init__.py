"""The demonstration: the main job on a made-up city, with everything real."""

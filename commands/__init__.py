"""What the command line does beyond a call: the main job, its children, the check."""

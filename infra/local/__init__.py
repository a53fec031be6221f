"""The deployment on this machine: the emulator, template.yaml deployed on it, the demo survey, what happens there."""

"""The questions, one file each, in a folder per first word of their ids."""

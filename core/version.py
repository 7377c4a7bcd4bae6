"""The program's name and version, in the one place that the package, the report and `--version` read."""

NAME = "pull-doctor"
VERSION = "0.1.0"

"""The commands of kbdiag, one file each, found because it lies in this folder."""

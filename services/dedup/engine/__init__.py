"""Which records are one person: normalise → block → compare → weigh → judge → explain.

Pure steps, one file each, in that order: values in, values out, no clock, no input or output.
The online match, the batch and the evaluation all run these same files.
"""

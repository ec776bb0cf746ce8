"""The loops over letters, units and pairs, compiled. Each is the engine's rule on integers, and tested against it.

Kernels hold no state and release the interpreter's lock: threads share them. Compiled once a machine and kept.
"""

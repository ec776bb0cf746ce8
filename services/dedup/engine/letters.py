"""How Arabic letters are written in Latin ones, in bits: what clerks, passports and newspapers make of them.

Learned by expectation-maximisation over the best alignments (an error model as of Brill & Moore 2000) of 22,227
name units in both scripts, from Wikidata labels of Arab countries (CC0) and DziriNames (MIT); no whole name of
anyone was used.
"""

WRITTEN: dict[str, dict[str, float]] = {
    "ا": {"a": -0.14, "": -4.28, "e": -4.68},
    "ب": {"b": -0.07, "bb": -5.03, "p": -6.17, "": -8.75},
    "ت": {"t": -0.11, "tt": -4.2, "": -6.5, "th": -6.81},
    "ث": {"th": -0.35, "t": -3.25, "s": -3.4, "c": -7.23},
    "ج": {"j": -0.67, "g": -2.5, "dj": -2.71, "jj": -5.22, "gg": -7.49, "ch": -7.69},
    "ح": {"h": -0.02},
    "خ": {"kh": -0.04, "ch": -6.87, "h": -7.13, "k": -7.37, "c": -8.29},
    "د": {"d": -0.04, "dd": -5.61},
    "ذ": {"dh": -1.56, "d": -1.98, "th": -2.21, "z": -2.87, "dd": -4.71},
    "ر": {"r": -0.05, "rr": -5.04},
    "ز": {"z": -0.13, "zz": -4.01, "s": -5.72},
    "س": {"s": -0.45, "ss": -2.15, "c": -4.66},
    "ش": {"sh": -0.95, "ch": -1.06},
    "ص": {"s": -0.32, "ss": -2.76, "c": -4.42},
    "ض": {"d": -0.47, "dh": -2.03, "z": -5.84, "dd": -6.68},
    "ط": {"t": -0.12, "tt": -3.81, "d": -8.14},
    "ظ": {"z": -0.89, "dh": -1.99, "d": -2.48, "th": -6.11},
    "ع": {"a": -0.44, "": -2.48, "e": -4.78, "i": -5.52, "l": -6.35, "h": -8.33},
    "غ": {"gh": -0.22, "g": -3.01, "rh": -7.01},
    "ف": {"f": -0.1, "v": -5.29, "ph": -5.52, "ff": -5.93},
    "ق": {"k": -1.13, "q": -1.56, "g": -2.68, "c": -5.23, "kk": -7.24, "gh": -7.64, "gg": -7.93, "qq": -8.29},
    "ك": {"k": -0.22, "c": -4.32, "kk": -4.82, "g": -5.52, "ck": -6.36, "": -7.55, "cc": -7.66, "q": -8.25},
    "ل": {"l": -0.12, "ll": -3.93, "": -6.49},
    "م": {"m": -0.07, "mm": -4.6},
    "ن": {"n": -0.04, "nn": -5.23},
    "ه": {"h": -0.97, "a": -1.12, "": -6.59, "e": -6.7, "t": -6.92, "hh": -8.72},
    "و": {"ou": -0.89, "w": -2.19, "o": -3.02, "u": -3.49, "oo": -5.77, "": -7.36, "ww": -8.49},
    "ي": {"i": -0.44, "y": -2.8, "": -4.4, "e": -4.71, "ee": -5.24, "yy": -7.35},
}  # fmt: skip
"""Arabic letter -> Latin letters -> log2 of how often it is written so; "" where it is left out."""

ADDED: dict[str, float] = {
    "a": -3.12, "e": -4.17, "i": -5.82, "o": -6.02, "u": -5.96,
}  # fmt: skip
"""Latin letter -> log2 of how often it stands where Arabic writes nothing, as for a short vowel."""

LATIN: dict[str, float] = {
    "a": -2.25, "b": -4.68, "c": -6.58, "d": -4.17, "e": -4.1, "f": -5.75, "g": -6.87, "h": -3.85, "i": -3.47,
    "j": -6.43, "k": -5.5, "l": -4.59, "m": -3.97, "n": -4.47, "o": -4.65, "p": -10.0, "q": -8.1, "r": -4.19,
    "s": -4.1, "t": -5.63, "u": -4.74, "v": -10.81, "w": -6.81, "x": -13.32, "y": -5.96, "z": -6.1,
}  # fmt: skip
"""Latin letter -> log2 of its share of all letters in such names."""

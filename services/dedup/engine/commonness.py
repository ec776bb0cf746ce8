"""How many people of a nation may share a combination of names: where a key must be narrowed.

The shares are of name units in Wikidata labels of Arab countries (CC0), by key, for the
commonest. They are part of the keys' definition: change them and every stored key must be made
again.
"""

GIVEN = {
    "mhmd": 0.1157, "hmd": 0.0688, "l": 0.0364, "bdl": 0.0297, "hsn": 0.0261, "sd": 0.0241, "hld": 0.0186,
    "mr": 0.0175, "brhm": 0.0171, "sm": 0.0157, "kml": 0.0153, "mn": 0.0151, "bddd": 0.014, "slh": 0.0115,
    "mhmWd": 0.0115, "mstf": 0.0112, "ysf": 0.0106, "fd": 0.0099, "slm": 0.0098, "hsm": 0.0085,
    "smr": 0.0075, "bdrhmn": 0.0074, "trk": 0.0071, "rsd": 0.0071, "dd": 0.0069, "nsr": 0.0064,
    "fsl": 0.0063, "dl": 0.0063, "slmn": 0.0062, "fhd": 0.0057, "rd": 0.0056, "wld": 0.0054,
    "krm": 0.0051, "mkd": 0.0048, "ftm": 0.0047, "sml": 0.0043, "mhd": 0.0042, "ll": 0.0042, "nd": 0.0042,
    "hd": 0.0041, "dn": 0.004, "nr": 0.0039, "nbl": 0.0039, "rm": 0.0039, "s": 0.0038, "yh": 0.0037,
    "bdkdr": 0.0037, "sr": 0.0036, "ml": 0.0036, "srf": 0.0035, "md": 0.0034, "bsr": 0.0034,
    "hll": 0.0033, "dhr": 0.0033, "ysn": 0.0032, "kd": 0.0032, "frd": 0.0031, "hbb": 0.0031,
    "ysr": 0.0031, "mrm": 0.003, "nf": 0.003, "mnr": 0.003, "dnn": 0.003, "d": 0.0029, "htm": 0.0029,
    "sf": 0.0027, "bs": 0.0027, "nrdn": 0.0027, "mnsWr": 0.0027, "bdkrm": 0.0027, "bdr": 0.0027,
    "fth": 0.0027, "bsm": 0.0026, "tmn": 0.0026, "tfk": 0.0026, "ns": 0.0025, "ksm": 0.0025, "hn": 0.0025,
    "mrd": 0.0024, "mhsn": 0.0024, "mrWn": 0.0024, "ltf": 0.0023, "bd": 0.0023, "drs": 0.0023,
    "sfn": 0.0022, "ms": 0.0022, "mlk": 0.0022, "bll": 0.0021, "bdhmd": 0.0021, "nk": 0.0021,
}  # fmt: skip
FAMILY = {
    "sd": 0.0286, "hmd": 0.0201, "hsn": 0.0181, "slm": 0.0128, "l": 0.0121, "mr": 0.012, "mhmd": 0.0115,
    "bd": 0.0106, "brhm": 0.0075, "bs": 0.0074, "nsr": 0.0073, "kml": 0.0071, "slh": 0.0071, "d": 0.0062,
    "bdl": 0.0059, "ysf": 0.0059, "hll": 0.0055, "slmn": 0.0054, "mnsWr": 0.0052, "rsd": 0.0051,
    "hlf": 0.0051, "srf": 0.005, "dd": 0.0049, "s": 0.0048, "ksm": 0.0044, "ms": 0.0041, "dsr": 0.004,
    "mhmWd": 0.004, "hdd": 0.0039, "fd": 0.0038, "mstf": 0.0036, "hdr": 0.0036, "hld": 0.0034,
    "hr": 0.0034, "smr": 0.0034, "hk": 0.0034, "sml": 0.0033, "skr": 0.0032, "mn": 0.003, "hrb": 0.003,
    "htb": 0.003, "hsm": 0.0029, "mbrk": 0.0029, "tmn": 0.0028, "sf": 0.0027, "trk": 0.0027,
    "kmd": 0.0026, "msr": 0.0026, "kbr": 0.0026, "rd": 0.0025, "knm": 0.0025, "bddd": 0.0025,
    "yh": 0.0024, "sb": 0.0024, "nr": 0.0024, "km": 0.0023, "rb": 0.0023, "ysn": 0.0022, "mrn": 0.0022,
    "nkr": 0.0022,
}  # fmt: skip
OTHER_GIVEN, OTHER_FAMILY = 0.002, 0.003
NATION = 1_000_000


def sharers(given: tuple[str, ...], family: str) -> float:
    """Of a million registrations, how many may hold these given names (own, forebears') and this family's."""
    expected = NATION * FAMILY.get(family, OTHER_FAMILY)
    for name in given:
        expected *= GIVEN.get(name, OTHER_GIVEN)
    return expected

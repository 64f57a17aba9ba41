"""Tokens of vendors that are known by how they begin. Sources: the vendors' own pages on the formats of their tokens."""

_WORD, _HEX, _URL, _UPPER, _BASE64 = "[A-Za-z0-9]", "[0-9a-fA-F]", "[A-Za-z0-9_-]", "[A-Z0-9]", "[A-Za-z0-9+/=_-]"

TOKENS: tuple[tuple[str, str, str], ...] = (
    # begins with, holds, how many: clouds
    ("(?:AKIA|ASIA|ABIA|ACCA)", _UPPER, "16"), ("AIza", _URL, "35"), ("GOCSPX-", _URL, "20,"), (r"ya29\.", _URL, "20,"), ("LTAI", _WORD, "12,24"),
    (r"[A-Za-z0-9_~.-]{3}[0-9]Q~", "[A-Za-z0-9_~.-]", "31,34"), ("(?:dop|doo|dor)_v1_", _HEX, "64"), (r"fm[12][ar]?_", _BASE64, "60,"), ("tskey-[a-z]{2,10}-", _URL, "16,"),
    ("dapi", "[0-9a-f]", "32"), ("nvapi-", _URL, "40,"), ("pul-", "[0-9a-f]", "40"), ("vercel_", _WORD, "24,"), ("sbp_", _HEX, "40"), ("hcp\\.", _URL, "32,"),
    # code and packages
    ("gh[pousr]_", _WORD, "36,"), ("github_pat_", r"\w", "22,"), ("gl(?:pat|dt|rt|cbt|ptt|soat|ft|imt|agent|oas)-", _URL, "20,"), ("GR1348941", _URL, "20,"),
    ("npm_", _WORD, "36"), ("pypi-", _URL, "50,"), ("rubygems_", _HEX, "48"), ("dckr_[po]at_", _URL, "20,"), ("AKCp", _WORD, "60,"), ("cmVmd", _WORD, "59"),
    ("CCIPAT_", r"\w", "40,"), ("bkua_", _HEX, "40"), ("AT[AC]TT3", "[A-Za-z0-9_=-]", "60,"), ("figd_", _URL, "30,"), ("PMAK-", "[0-9a-f-]", "50,"), ("lin_api_", _WORD, "32,"),
    ("ntn_", _WORD, "40,"), ("sgp_", r"\w", "40,"), ("sq0(?:atp|csp)-", _URL, "22,"),
    # machines that answer
    ("sk-(?:proj|ant|svcacct|or|admin)-", _URL, "24,"), ("sk-", _WORD, "32,"), ("hf_", _WORD, "30,"), ("gsk_", _WORD, "40,"), ("xai-", _WORD, "60,"), ("r8_", _WORD, "37"),
    # payment, mail and chat
    ("[srp]k_(?:live|test|prod)_", _WORD, "16,"), ("whsec_", "[A-Za-z0-9+/=]", "24,"), ("EAAA", _URL, "56,64"), ("shp(?:at|ca|pa|ss)_", _HEX, "32"),
    (r"SG\.", "[A-Za-z0-9_.-]", "40,"), ("key-", "[0-9a-f]", "32"), (r"(?:xoxe\.)?xox[abeoprs]-", "[A-Za-z0-9-]", "10,"), ("xapp-", "[A-Za-z0-9-]", "20,"), ("pat-[a-z]{2,3}[0-9]-", "[0-9a-f-]", "32,"),
    # watching
    ("NRAK-", _UPPER, "27"), ("NRII-", _URL, "28,"), ("gl(?:sa|c)_", r"\w", "32,"), ("sntry[su]_", "[A-Za-z0-9+/=_]", "40,"), ("ph[cx]_", _WORD, "40,"), (r"dt0[cs]0[0-9]\.", "[A-Za-z0-9.]", "60,"),
    # keepers of secrets, and joining
    (r"hv[sbr]\.", _URL, "20,"), (r"dp\.[a-z]{2,5}(?:\.[a-z0-9_-]{1,20})?\.", _WORD, "40,"), ("ops_eyJ", _BASE64, "100,"), ("AGE-SECRET-KEY-1", _UPPER, "50,"), (r"K10[0-9a-f]{64}::", "[A-Za-z0-9:_-]", "4,"),
    ("SWMTKN-1-", "[a-z0-9-]", "40,"), ("AQ", "[A-Za-z0-9+/]", "36"),
)  # fmt: skip
"""How a token begins, of what the rest is made, and how long that is, as parts of a pattern. The last is a key of cephx, which ends in ==."""

PATTERN = (
    r"\b((?:"
    + "|".join(f"{start}{alphabet}{{{length}}}" for start, alphabet, length in TOKENS[:-1])
    + r")|AQ[A-Za-z0-9+/]{36}==)"
)

LITERALS = (
    "akia asia abia acca aiza gocspx- ya29. ltai q~ _v1_ fm1 fm2_ tskey- dapi nvapi- pul- vercel_ sbp_ hcp. ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glcbt- glptt- glsoat- glft- glimt- "
    "glagent- gloas- gr1348941 npm_ pypi- rubygems_ dckr_ akcp cmvmd ccipat_ bkua_ tt3 figd_ pmak- lin_api_ ntn_ sgp_ sq0 sk- hf_ gsk_ xai- r8_ k_live_ k_test_ k_prod_ whsec_ eaaa shpat_ shpca_ shppa_ shpss_ sg. key- "
    "xox xapp- pat-na pat-eu nrak- nrii- glsa_ glc_ sntry phc_ phx_ dt0 hvs. hvb. hvr. dp. ops_eyj age-secret-key- k10 swmtkn- =="
)
"""Lower-case texts, blank-separated, one of which stands in every token."""

"""Formulas as a reader would type them: ``\\partial L / \\partial w_j`` is ∂L/∂w_j."""

import re

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "varphi": "φ", "phi": "φ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω",
}  # fmt: skip
SIGNS = GREEK | {
    "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "infty": "∞", "cdot": " · ",
    "times": " × ", "odot": " ⊙ ", "star": " ⋆ ", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠",
    "approx": "≈", "propto": "∝", "in": "∈", "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦",
    "sim": "∼", "top": "ᵀ", "ell": "ℓ", "dots": "…", "ldots": "…", "mid": " | ", "lVert": "‖", "rVert": "‖",
    "lvert": "|", "rvert": "|", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "sqrt": "√",
    "quad": " ", "qquad": " ", "ll": "≪", "gg": "≫", "log": "log", "exp": "exp", "max": "max", "min": "min",
    "tanh": "tanh", "sin": "sin", "cos": "cos",
}  # fmt: skip
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
_PART = r"(\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|\w)"
_FRACTION = re.compile(rf"\\[td]?frac\s*{_PART}\s*{_PART}")
_ACCENT = re.compile(rf"\\({'|'.join(_ACCENTS)})(?![a-zA-Z])\s*\{{?\s*(\\?[a-zA-Z]+)\s*\}}?")
_COMMAND = re.compile(r"\\([a-zA-Z]+)(\s*)")
_FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def formula(tex):
    """Return a formula as plain text; what has no sign of its own loses its command."""
    tex = re.sub(r"\\(?:begin|end)\{\w+\}|\\(?:label|tag)\{[^}]*\}|\\\\|&", " ", tex)
    tex = re.sub(r"\\[,;:! ]", " ", tex)
    for _ in range(2):  # a fraction may stand in a fraction
        tex = _FRACTION.sub(lambda found: f"{_bare(found[1])}/{_bare(found[2])}", tex)
    tex = _ACCENT.sub(lambda found: found[2] + " " * (found[2][0] == "\\") + _ACCENTS[found[1]], tex)
    tex = _COMMAND.sub(_sign, tex)
    tex = re.sub(r"[{}\\]", "", tex)
    tex = re.sub(r"\s*([/_^])\s*", r"\1", tex).replace("^ᵀ", "ᵀ")
    tex = re.sub(r"(?<=[(\[⟨⌊]) | (?=[‖)\]⟩⌋])", "", tex)
    return re.sub(r"\s+", " ", tex).strip()


def _sign(command):
    """Return the sign of a command; only a word, as log, keeps the space after it."""
    sign = SIGNS.get(command[1], "")
    return sign + " " if command[2] and sign.isascii() and sign.isalpha() else sign


def _bare(group):
    return group.strip("{}") if group.startswith("{") else group


def text(words):
    """Return a page's text with its formulas in plain signs and single spaces."""
    found = _FORMULA.sub(lambda formulas: f" {formula(formulas[1] or formulas[2])} ", words)
    return re.sub(r" ([,.;:)’])", r"\1", re.sub(r"\s+", " ", found)).strip()

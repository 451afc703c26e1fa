"""Text as it is said aloud, and still good to read: formulas, signs and abbreviations in words. Pure.

English gets words. Of any other language only what no voice reads is taken away: LaTeX's
commands, addresses, emoji.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from lessons.authoring.texts import plain_line


def spoken(text: str, language: str = "en") -> str:
    """A plain text, formulas between dollar signs, as one speaks it.

    Plain as `lessons.authoring.texts` makes it: Markdown's marks are gone already.
    """
    is_english = language.partition("-")[0].lower() == "en"
    tongue = _ENGLISH if is_english else _SIGNS
    said = " ".join(text.split())
    said = _FORMULA.sub(lambda seen: f" {_formula(seen[1], tongue)} ", said)
    said = _ADDRESS.sub(_host, said)
    if is_english:
        for look, words in _IN_WORDS:
            said = look.sub(words, said)
    return _tidy(said)


def spoken_line(markdown: str, language: str = "en") -> str:
    """A line of Markdown as one speaks it."""
    return spoken(plain_line(markdown), language)


_FORMULA = re.compile(r"\${1,2}(?![\s$])([^$]*[^\s$])\${1,2}(?!\d)")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)(?:www\.)?([\w.-]+\w)(?:[/?#][^\s<>]*[\w/])?>?")


def _host(seen: re.Match[str]) -> str:
    return seen[1]


class _Tongue(NamedTuple):
    """How a formula is said. `{}` are its parts."""

    fraction: str
    root: str
    power: str
    below: str
    bounds: str
    between: str
    """Two parts."""
    commands: Mapping[str, str]
    signs: Mapping[str, str]
    too_long: str


_GREEK_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon
phi chi psi omega
"""
_GREEK = _GREEK_NAMES.split()
_GREEK_LETTERS = "αβγδεζηθικλμνξπρστυφχψω"

# LaTeX's command, what English says, and the sign for all others.
_COMMANDS = """
times|times|×; cdot|times|·; div|divided by|÷; pm|plus or minus|±; le|is at most|≤; leq|is at most|≤
ge|is at least|≥; geq|is at least|≥; ne|is not|≠; neq|is not|≠; approx|is about|≈; sim|is about|~
ll|is much less than|≪; gg|is much greater than|≫; equiv|is equivalent to|≡; propto|is proportional to|∝
to|goes to|→; rightarrow|goes to|→; longrightarrow|gives|→; Rightarrow|so|⇒; mapsto|becomes|↦
leftarrow|comes from|←; leftrightarrow|and back|↔; in|in|∈; notin|not in|∉; subset|within|⊂
cup|or|∪; cap|and|∩; infty|infinity|∞; partial|partial|∂; nabla|nabla|∇; sum|the sum|∑; prod|the product|∏
int|the integral|∫; lim|the limit|lim; circ|degrees|°; top|transposed|ᵀ; prime|prime|′; perp|perpendicular to|⊥
forall|for all|∀; exists|there is|∃; ldots|and so on|…; cdots|and so on|…; dots|and so on|…; ell|l|ℓ
log|log|log ; ln|the natural log of|ln ; exp|e to the|exp ; sin|sine|sin ; cos|cosine|cos ;
tan|tangent|tan ; max|the maximum|max ; min|the minimum|min ; quad||; qquad||; left||; right||; displaystyle||; limits||
langle||⟨; rangle||⟩; lVert|the norm of|‖; rVert||‖; Vert||‖; mid|given|∣; degree|degrees|°
varepsilon|epsilon|ε; varphi|phi|φ; hbar|h bar|ħ; big||; Big||; bigl||; bigr||; not|not|¬; neg|not|¬
"""
_TABLE = [row.lstrip().split("|") for row in re.split(r"[;\n]", _COMMANDS) if row.strip()]
_HATS = {"hat": "hat", "bar": "bar", "tilde": "tilde", "vec": "", "overline": "bar", "dot": "dot"}

_ENGLISH = _Tongue(
    fraction="{} over {}",
    root="the square root of {}",
    power="{} to the power of {}",
    below="{} sub {}",
    bounds="from {} to {}",
    between=" ",
    commands={row[0]: row[1] for row in _TABLE}
    | {name: name for name in _GREEK}
    | {name.capitalize(): name for name in _GREEK},
    signs={
        "+": "plus",
        "-": "minus",
        "−": "minus",
        "=": "equals",
        "<": "is less than",
        ">": "is greater than",
        "*": "times",
        "/": "over",
        "!": "factorial",
        "%": "percent",
        "'": "prime",
        "(": ",",
        ")": ",",
        "[": ",",
        "]": ",",
        "|": "",
    },
    too_long="a formula that stands in the notes",
)
_SIGNS = _Tongue(
    fraction="{}/{}",
    root="√{}",
    power="{}^{}",
    below="{}{}",
    bounds="{}–{}",
    between="",
    commands={row[0]: row[2] for row in _TABLE}
    | dict(zip(_GREEK, _GREEK_LETTERS, strict=True))
    | dict(zip(map(str.capitalize, _GREEK), _GREEK_LETTERS.upper(), strict=True)),
    signs={sign: f" {sign} " for sign in "+-−=<>"},
    too_long="…",
)
_POWERS = {"2": "{} squared", "3": "{} cubed", "transposed": "{} transposed", "T": "{} transposed"}
_POWERS |= {name: f"{{}} {name}" for name in ("degrees", "prime", "star")}
_FONTS = {"text", "mathrm", "mathbf", "mathbb", "mathcal", "mathit", "operatorname", "textbf"}
_FONTS |= {"mathsf", "boldsymbol", "textit", "mathfrak", "boxed"}
_BOUNDED = {"sum", "prod", "int", "lim"}

LONGEST_FORMULA_WORDS = 30
"""Nobody follows a longer one by ear."""
DEEPEST = 12


def _formula(latex: str, tongue: _Tongue) -> str:
    if "\\begin" in latex or len(latex) > 400:
        return tongue.too_long
    said = " ".join(_Formula(latex, tongue).until_closed().split())
    return said if said and len(said.split()) <= LONGEST_FORMULA_WORDS else tongue.too_long


class _Formula:
    """Reads LaTeX from left to right. Whatever it doesn't know is said as it is written."""

    _TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|\d+(?:[.,]\d+)*|\S")

    def __init__(self, latex: str, tongue: _Tongue) -> None:
        self._tokens: list[str] = self._TOKEN.findall(latex)
        self._at = 0
        self._depth = 0
        self._tongue = tongue

    def until_closed(self) -> str:
        """All that comes until a group's end, or the formula's."""
        parts: list[str] = []
        while self._peek() not in {"", "}"}:
            if self._peek() in {"^", "_"}:
                # A power of nothing: the base was a command that is silent.
                self._next()
                parts.append(self._group())
            else:
                parts.append(self._with_scripts(self._one()))
        return self._tongue.between.join(parts)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _group(self) -> str:
        """What stands in braces, or the single thing without them."""
        if self._peek() in {"", "}"}:
            return ""
        if self._peek() != "{":
            return self._one()
        self._next()
        self._depth += 1
        inner = self.until_closed() if self._depth < DEEPEST else ""
        self._depth -= 1
        if self._peek() == "}":
            self._next()
        return inner

    def _one(self) -> str:
        if self._peek() == "{":
            return self._group()
        token = self._next()
        tongue = self._tongue
        if not token.startswith("\\"):
            if token.isalpha() and self._peek() == "(" and tongue is _ENGLISH:
                return f"{token} of {self._argument()}"
            return tongue.signs.get(token, token)
        name = token[1:]
        if name in {"frac", "tfrac", "dfrac"}:
            above, below = self._group(), self._group()
            return (
                _part(above, below) if tongue is _ENGLISH else tongue.fraction.format(above, below)
            )
        if name == "sqrt":
            return tongue.root.format(self._group())
        if name in _FONTS:
            return self._letters()
        if name in _HATS:
            return f"{self._group()} {_HATS[name]}" if tongue is _ENGLISH else self._group()
        if name in _BOUNDED:
            return self._bounded(tongue.commands[name])
        return tongue.commands.get(name, name if name.isalpha() else "")

    def _argument(self) -> str:
        """What stands in the round brackets of a function or a probability."""
        self._next()
        parts: list[str] = []
        while self._peek() not in {"", "}", ")"}:
            if self._peek() == "|":
                self._next()
                parts.append("given")
            else:
                parts.append(self._with_scripts(self._one()))
        if self._peek() == ")":
            self._next()
        return " ".join(parts)

    def _letters(self) -> str:
        r"""“\text{loss}” is one word."""
        said = self._group()
        return said.replace(" ", "") if re.fullmatch(r"(?:\w )*\w", said) else said

    def _bounded(self, what: str) -> str:
        """A sum or an integral with what stands below and above it."""
        below = above = ""
        while self._peek() in {"^", "_"}:
            if self._next() == "_":
                below = self._group()
            else:
                above = self._group()
        if self._tongue is not _ENGLISH:
            return what + (self._tongue.bounds.format(below, above) if above else below)
        if below and above:
            return f"{what} {self._tongue.bounds.format(below, above)} of"
        link = "as" if what == self._tongue.commands["lim"] else "over"
        return f"{what} {link} {below} of" if below else f"{what} of"

    def _with_scripts(self, said: str) -> str:
        while self._peek() in {"^", "_"}:
            if self._next() == "_":
                if below := self._group():
                    said = self._tongue.below.format(said, below)
            elif above := self._group():
                is_english = self._tongue is _ENGLISH
                power = _POWERS.get(above) if is_english else None
                said = (
                    power.format(said) if power else self._tongue.power.format(said, above)
                ).strip()
        return said


_DENOMINATORS = (
    "half",
    "third",
    "quarter",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_NUMERATORS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _part(above: str, below: str) -> str:
    """Two fifths; n over two."""
    if above.isdecimal() and below.isdecimal():
        top, bottom = int(above), int(below)
        if 0 < top < bottom <= 10:
            name = _DENOMINATORS[bottom - 2]
            return f"{_NUMERATORS[top - 1]} {name}{'s' if top > 1 else ''}"
    return f"{above} over {below}"


_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED = str.maketrans({"⁻": "minus "} | {sign: str(i) for i, sign in enumerate(_SUPERSCRIPTS)})
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
_VULGAR = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅛": (1, 8),
}
_MONEY = {"€": "euro", "£": "pound", "$": "dollar"}

Words = str | Callable[[re.Match[str]], str]


def _power(seen: re.Match[str]) -> str:
    power = seen["power"].translate(_RAISED)
    return _POWERS.get(power, f"{{}} to the power of {power}").format(seen["base"])


def _many(one: str) -> Callable[[re.Match[str]], str]:
    """“1 degree”, “5 degrees”: the plural but for a number that is one."""

    def said(seen: re.Match[str]) -> str:
        number = seen["number"]
        return f"{number} {one}{'' if number in {'1', '−1', '-1'} else 's'}"

    return said


def _money(seen: re.Match[str]) -> str:
    amount, sign = seen["before"] or seen["after"], seen["first"] or seen["last"]
    return f"{amount} {_MONEY[sign]}{'' if amount == '1' else 's'}"


def _bracket(seen: re.Match[str]) -> str:
    inner = seen["inner"].strip()
    if re.fullmatch(r"(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z0-9-]{1,9}", inner):
        return f", {inner} for short, "
    return f", {inner}, "


_NUMBER = r"(?P<number>[-−]?\d[\d.,]{0,20})"
_ABBREVIATIONS = {
    r"e\.\s?g\.,?": "for example",
    r"i\.\s?e\.,?": "that is",
    r"etc\.(?=\s+[A-Z]|$)": "and so on.",
    r"etc\.?": "and so on",
    r"vs\.?": "versus",
    r"cf\.": "compare",
    r"approx\.": "approximately",
    r"ca\.(?=\s*\d)": "about",
    r"resp\.": "respectively",
    r"Fig\.(?=\s*\d)": "figure",
    r"Eq\.(?=\s*\(?\d)": "equation",
    r"No\.(?=\s*\d)": "number",
    r"w\.\s?r\.\s?t\.": "with respect to",
    r"km/h": "kilometres per hour",
    r"m/s": "metres per second",
    r"and/or": "or",
}

# In order: what is longer first. Bounds keep fifty thousand letters without a blank from taking for ever.
_IN_WORDS: tuple[tuple[re.Pattern[str], Words], ...] = (
    *((re.compile(rf"(?<!\w){look}(?!\w)"), words) for look, words in _ABBREVIATIONS.items()),
    (re.compile(r"(?<=\S)\s?\[\d+\]"), ""),
    (re.compile(r"(?<=\w)\(s\)"), "s"),
    (re.compile(r"(?<=\w)\((?=\w)(?P<inner>[^()]{1,40})\)"), lambda seen: f" of {seen['inner']}"),
    (re.compile(r"\s*\((?P<inner>[^()]{1,300})\)\s*"), _bracket),
    (re.compile("[" + "".join(_VULGAR) + "]"), lambda seen: f" {_part(*map(str, _VULGAR[seen[0]]))}"),
    (re.compile(r"(?P<number>[\d.,]{1,20})\s?(?P<scale>k|c|m)?m²"), lambda seen: (
        f"{seen['number']} square { {'k': 'kilo', 'c': 'centi', 'm': 'milli'}.get(seen['scale'], '')}metres"
    )),
    (re.compile(rf"(?P<base>[\w.,]{{0,20}}?\w)(?P<power>⁻?[{_SUPERSCRIPTS}]+)"), _power),
    (re.compile(rf"[{_SUBSCRIPTS}]"), lambda seen: str(_SUBSCRIPTS.index(seen[0]))),
    (re.compile(r"(?<=\w)⁺"), " plus"),
    (re.compile(r"(?<=\w)⁻"), " minus"),
    (re.compile(rf"{_NUMBER}\s?°\s?(?P<scale>[CF])\b"), lambda seen: (
        _many("degree")(seen) + (" Celsius" if seen["scale"] == "C" else " Fahrenheit")
    )),
    (re.compile(rf"{_NUMBER}\s?°"), _many("degree")),
    (re.compile(r"\s?%"), " percent"),
    (re.compile(r"\s?‰"), " in a thousand"),
    (re.compile(r"(?P<first>[€£$])\s?(?P<before>\d[\d.,]{0,20}\d|\d)|(?P<after>\d[\d.,]{0,20}\d|\d)\s?(?P<last>[€£])"), _money),
    (re.compile(r"(?<![\d/])(?P<above>\d)\s?/\s?(?P<below>\d{1,2})(?![\d/])"), lambda seen: _part(seen["above"], seen["below"])),
    (re.compile(r"(?<=\d)[\u2013\u2012](?=\d)"), " to "),
    (re.compile(r"(?<![\w)])[−-](?=\d)"), " minus "),
    (re.compile(r"\s+[−]\s+|(?<=\d)\s+-\s+(?=\d)"), " minus "),
    (re.compile(r"\s+[-–—]+\s+|\s*—\s*"), ", "),
    (re.compile(r"(?<=\d)\s*->\s*|(?<=\d)\s*→\s*|\s*→\s*(?=[\dA-Z])"), " gives "),
    (re.compile(r"\s*(?:->|→)\s*"), " leads to "),
    (re.compile(r"\s*(?:=>|⇒)\s*"), ", so "),
    (re.compile(r"\s*(?:<->|↔)\s*"), " goes with "),
    (re.compile(r"\s*(?:<-|←)\s*"), " comes from "),
    (re.compile(r"\s*≈\s*"), " is about "),
    (re.compile(r"~(?=\s?\d)"), " about "),
    (re.compile(r"\s*(?:≠|!=)\s*"), " is not "),
    (re.compile(r"\s*(?:≤|<=)\s*"), " is at most "),
    (re.compile(r"\s*(?:≥|>=)\s*"), " is at least "),
    (re.compile(r"\s*±\s*"), " plus or minus "),
    (re.compile(r"\s*×\s*|(?<=\d)\s*\*\s*(?=\d)|\s*·\s*"), " times "),
    (re.compile(r"\s*÷\s*"), " divided by "),
    (re.compile(r"\s*=+\s*"), " equals "),
    (re.compile(r"\s\+\s|(?<=\d)\+(?=\d)"), " plus "),
    (re.compile(r"(?<=[\w\s])<(?=[\s\d])"), " is less than "),
    (re.compile(r"(?<=[\w\s])>(?=[\s\d])"), " is greater than "),
    (re.compile(r"(?P<base>\w{1,20})\^(?P<power>\w{1,20})"), _power),
    (re.compile(r"(?<=\w)\s+/\s+(?=\d)"), " divided by "),
    (re.compile(r"√\s?"), "the square root of "),
    (re.compile("∞"), "infinity"),
    (re.compile(r"\s*&\s*"), " and "),
    (re.compile(r"§\s?(?=\d)"), "section "),
    (re.compile(r"#(?=\d)"), "number "),
    (re.compile(rf"[{_GREEK_LETTERS}](?![\u0370-\u03ff])(?<![\u0370-\u03ff].)"), lambda seen: _GREEK[_GREEK_LETTERS.index(seen[0])]),
    (re.compile(r"(?<=\w)_+(?=\w)"), " "),
)  # fmt: skip


def _tidy(said: str) -> str:
    """Without what no voice can say, and with the blanks and commas that are left where they belong."""
    said = "".join(c for c in said if c.isspace() or not _is_mute(c))
    said = " ".join(said.split())
    said = re.sub(r"\s+([,.;:!?…)”’])", r"\1", said)
    said = re.sub(r",(?:\s*,)+", ",", said)
    said = re.sub(r",\s*([.;:!?”])", r"\1", said)
    return said.strip(" ,")


_FIRST_PICTOGRAPH = "\u2500"


def _is_mute(sign: str) -> bool:
    """Emoji, boxes and what is invisible."""
    category = unicodedata.category(sign)
    return category in {"Cc", "Cf", "Co", "Cn"} or (category == "So" and sign >= _FIRST_PICTOGRAPH)

"""Subject and verb of an English sentence, as far as single words show them. Pure."""

import re
from typing import Literal, NamedTuple

from lessons.authoring.words import is_plural

Form = Literal["base", "s", "past", "be", "have", "modal"]

_VERBS = """
absorb add adopt agree allow annul appear apply arrest ask assume attract begin belong bind block
break bring build burn call carry catch cause change choose circulate claim close collect combine
come compare compute connect consist contain continue control convert copy cost count cover create
cross cut decide declare decrease define deliver demand depend descend describe destroy detect
determine develop die differ discover divide dominate double draw drive drop earn eat elect emit
employ encode encourage end enter escape establish examine exchange execute exist expand explain
express extract fall feed fight fill find flee flow follow forbid force form found gain generate
get give go govern grow guarantee halt happen have hear help hide hire hit hold ignore imply import
improve include increase inherit introduce invade invent involve issue join keep kill know lack
last lay lead lean learn leave let lie lift limit link listen live lose lower make mark marry
matter measure mean meet melt mend merge move multiply need neglect obey obtain occur offer open
oppose order orbit organise organize outnumber outvote oxidise own pass pay perform permit persuade
place play point possess predict prefer prepare present preserve press prevent print process
produce promise protect prove provide publish pull pump push put radiate raise reach react read
receive reduce refer reflect refuse regulate reject relate release rely remain remember remove
repeat replace represent require resist respond rest restore retain return reveal rise rotate rule
run say see seem seize sell send separate serve set shape share shift show shrink sink sit sleep
slow solve speak spend spin split spread stand start state stay stop store stretch strike study
suffer suggest supply support surround survive swear take teach tell tend test think threaten tie
touch train transfer transform translate transmit travel treat try turn understand unite use vary
vibrate view visit vote waste wear weaken win wish work write yield
want accept accuse achieve act add affect aim announce answer argue attack avoid bear beat
become believe bend boil buy choose clean climb compete complain conclude conquer consume contribute
cook cool correct crown dance decrease deny deserve disappear divide dream drink dry elect enjoy
evaporate evolve exceed excite fail fear finish fit fix float fold freeze grip handle heat hope hunt
identify indicate inform inspire interact invest kill lend like load lock love manage migrate miss
mix moderate name note notice observe own paint pick plan plant pollute pour pray prove push quit
rain recognise recognize record recover reflect reform reproduce request rescue retreat roll save
search secure shine shoot shout sign sing smell snow sound stir stress succeed surrender sustain
swim talk tax thrive throw trade translate trust vanish wait walk warm warn wash watch weigh wish
worry wrap
"""
_IRREGULAR = {
    "began": "begin", "bound": "bind", "broke": "break", "brought": "bring", "built": "build",
    "burnt": "burn", "came": "come", "caught": "catch", "chose": "choose", "drew": "draw",
    "drove": "drive", "ate": "eat", "fell": "fall", "fed": "feed", "fought": "fight",
    "fled": "flee", "forbade": "forbid", "found": "find", "gave": "give", "got": "get",
    "went": "go", "grew": "grow", "heard": "hear", "hid": "hide", "held": "hold", "kept": "keep",
    "knew": "know", "laid": "lay", "led": "lead", "left": "leave", "lost": "lose", "made": "make",
    "meant": "mean", "met": "meet", "paid": "pay", "ran": "run", "rose": "rise", "said": "say",
    "saw": "see", "sold": "sell", "sent": "send", "shrank": "shrink", "sat": "sit",
    "spoke": "speak", "spent": "spend", "stood": "stand", "struck": "strike", "swore": "swear",
    "took": "take", "taught": "teach", "told": "tell", "thought": "think", "wore": "wear",
    "won": "win", "wrote": "write", "became": "become", "let": "let", "set": "set", "put": "put",
}  # fmt: skip
_BASES = frozenset(_VERBS.split()) | {"become"}
_BE = frozenset({"is", "are", "was", "were"})
_HAVE = {"has", "have", "had"}
_MODAL = frozenset({"can", "could", "may", "might", "must", "shall", "should", "will", "would"})
# Right before a word they show that it is a noun, or that the subject isn't over.
_NO_VERB_AFTER_WORDS = """
a an the of in on at by for from to with without into onto between and or no any each every its
their his her this that these those two three first second third new old other more
"""
_NO_VERB_AFTER = frozenset(_NO_VERB_AFTER_WORDS.split())
_ADVERBS_WORDS = """
also always first hardly just mostly nearly never not often only quickly rarely slowly sometimes soon still then usually
"""
_ADVERBS = frozenset(_ADVERBS_WORDS.split())
_NO_SUBJECT_WORDS = """
it they them this that these those its their he she his her him we us our you your there here who
whom whose which what where when why how if because although though while since so then thus
therefore some both none others such i
"""
_NO_SUBJECT = frozenset(_NO_SUBJECT_WORDS.split())
_PARTICIPLES_WORDS = """
born bound broken brought built burnt called caught chosen cut done drawn driven fed forbidden
found given grown held hidden kept known laid led left lost made met paid put said seen sent set
sold spent split spread stored struck taken taught told understood won worn written
"""
_PARTICIPLES = frozenset(_PARTICIPLES_WORDS.split())
LONGEST_SUBJECT_WORDS = 8


class Clause(NamedTuple):
    """“The Calvin cycle | builds | sugar from carbon dioxide”."""

    subject: str
    verb: str
    base: str
    form: Form
    rest: str


def clause(text: str) -> Clause | None:
    """Subject, verb and what follows; None where they can't be told for sure."""
    words = text.split()
    subject: list[str] = []
    for i, word in enumerate(words[: LONGEST_SUBJECT_WORDS + 2]):
        plain = word.lower().strip("“”‘’\"'")
        if plain.rstrip(",.;:!?") in _NO_SUBJECT:
            return None
        if subject and subject[-1].lower() not in _NO_VERB_AFTER and (found := verb(plain)):
            base, form = found
            # “The large set”: a base form is a verb only after a plural.
            is_noun = form == "base" and not is_plural(subject[-1])
            if len(subject) > LONGEST_SUBJECT_WORDS or is_noun:
                return None
            return Clause(" ".join(subject), plain, base, form, " ".join(words[i + 1 :]))
        if word[-1] in ",.;:!?":
            return None
        if plain not in _ADVERBS or not subject:
            subject.append(word)
    return None


def has_verb(text: str) -> bool:
    """Is there any word that could be the verb of a sentence?"""
    words = [word.lower().strip("“”‘’\"'(),.;:!?") for word in text.split()]
    return any(
        verb(word) is not None and (i == 0 or words[i - 1] not in _NO_VERB_AFTER)
        for i, word in enumerate(words)
    )


def is_participle(word: str) -> bool:
    plain = word.lower().strip(",.;:!?")
    return plain in _PARTICIPLES or (plain.endswith("ed") and len(plain) > 4)


def is_past(text: str) -> bool:
    """Is it told of what has been? By the first word that can only be a verb."""
    before = ""
    for i, word in enumerate(text.split()):
        if i and word[0].isupper():
            continue  # “In May”, “the General Will”
        plain = word.lower().strip(",.;:!?“”")
        found = verb(plain)
        form = found[1] if found else None
        if form in {"be", "have", "modal"}:
            return plain in {"was", "were", "had", "could", "would"}
        if form == "s" and before not in _NO_VERB_AFTER:
            return False
        if form == "past" or (plain.endswith("ed") and len(plain) > 4):
            return True
        before = plain
    return False


def verb(word: str) -> tuple[str, Form] | None:
    """Its base and its form, “write” and “past” of “wrote”, if the word in small letters can be a verb."""
    if word in _BE:
        return "be", "be"
    if word in _HAVE:
        return "have", "have"
    if word in _MODAL:
        return word, "modal"
    if word in _IRREGULAR:
        return _IRREGULAR[word], "past"
    if word in _BASES:
        return word, "base"
    for ending, mended in (("ies", "y"), ("es", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and word.removesuffix(ending) + mended in _BASES:
            return word.removesuffix(ending) + mended, "s"
    for ending, mended in (("ied", "y"), ("ed", ""), ("ed", "e")):
        if word.endswith(ending) and word.removesuffix(ending) + mended in _BASES:
            return word.removesuffix(ending) + mended, "past"
    if re.fullmatch(r"\w+([bdgklmnprt])\1ed", word) and word[:-3] in _BASES:
        return word[:-3], "past"
    return None

"""What a paper is, from its sentences and its entities: kind, gist, claims, short label, addresses of code
and data."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from papergraph import labels
from papergraph.labels import SHORT
from papergraph.model import Entity, EntityType, Evidence, PaperKind, Role, Span
from papergraph.text import readable, sentences

MAX_CLAIMS = 5
_I = re.IGNORECASE

_OFFERS = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|report|survey)|our (?:paper|work|study)|"
    r"the (?:present )?paper|in this (?:paper|"
    r"work|article|study|report)|here),?\s(?:\w+ly,? |also |first |then |further |thus |therefore |"
    r"hereby |\w+, |we )*"
    r"(propos|introduc|present|develop|describ|design|devis|releas|build|built|creat|construct|offer|"
    r"provid|contribut|"
    r"study|studies|investigat|explor|examin|analy[sz]|show|demonstrat|address|evaluat|survey|review|"
    r"argu|report|"
    r"formulat|establish|conduct|aim|tackl|collect|compar|assess|ask|revisit|prob|probe|unveil|unif|"
    r"extend|seek|advocat)",
    _I,
)
_MAKES = re.compile(
    r"(?:propos|introduc|present|develop|design|devis|releas|build|built|creat|construct|unveil)", _I
)
_NAMED = re.compile(r"\b(?:is|are) (?:proposed|introduced|presented|developed|investigated|studied)\b", _I)
_SURVEY = re.compile(
    r"\b(?:survey|systematic review|literature review|review of|overview of|a review|taxonomy of|"
    r"tutorial)\b",
    _I,
)
_SURVEYS = re.compile(
    r"\b(?:this (?:survey|review|overview|tutorial)|(?:we|paper|article|work) (?:\w+ly )?(?:survey|"
    r"review|overview)s?\b"
    r"|(?:comprehensive|systematic|extensive|in-depth) (?:survey|review|overview)\b|(?:a|the) survey of)",
    _I,
)
_POSITION = re.compile(
    r"\b(?:position paper|perspective|we argue|paper argues|call for|call to action|opinion|manifesto|"
    r"vision paper|"
    r"this essay|we advocate|should not|we contend|we call on)\b",
    _I,
)
_POSITION_TITLE = re.compile(
    r"^(?:position|perspective|opinion)\b|\bposition paper\b|\bcall (?:for|to)\b|\bmanifesto\b", _I
)
_RESOURCE = re.compile(
    r"\b(?:data\s?sets?|corpus|corpora|benchmark(?:s|ing)?|treebank|leaderboard|test ?suite|lexicon|"
    r"testbed)\b",
    _I,
)
_REPORT = re.compile(
    r"\b(?:technical report|shared task|system description|our submission|we participated|challenge report|"
    r"findings of the|overview of the \S+ (?:shared )?task)\b",
    _I,
)
_ANALYSIS = re.compile(
    r"\b(?:we|paper|work|study|article) (?:\w+ly )*(?:study|studies|investigat\w+|examin\w+|"
    r"analy[sz]\w+|prob\w+|explor\w+|"
    r"evaluat\w+|assess\w+|compar\w+|ask|revisit\w*|show|find|benchmark\w*)\b|\b(?:empirical|case|"
    r"comparative) study\b|"
    r"\bempirical(?:ly)? (?:analysis|evaluation|investigat\w+)\b|\ban analysis\b",
    _I,
)
_ANALYSIS_TITLE = re.compile(
    r"\?|\b(?:empirical|comparative|case study|analysis of|analyzing|analysing|understanding|"
    r"investigating|evaluating|"
    r"exploring|examining|probing|revisiting|assessing|lessons|insights|on the|a study|rethinking)\b",
    _I,
)
_METHOD_NOUN = (
    r"(?:method|approach|framework|model|algorithm|system|architecture|network|technique|pipeline|"
    r"strategy|toolkit|"
    r"library|tool|procedure|mechanism|scheme|solution|loss|module|paradigm|objective|estimator|family|"
    r"agent)s?"
)
_PROPOSES = re.compile(
    r"\b(?:propos\w+|introduc\w+|present\w*|develop\w*|design\w*|devis\w+)\b[^.]{0,80}?\b"
    + _METHOD_NOUN
    + r"\b",
    _I,
)
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?\s?(?:\\?%|percent\b|×|x\b|\$?\\times|(?:absolute |percentage )?points?\b|BLEU\b|"
    r"-?fold\b|times\b|dB\b|ms\b|"
    r"F1\b|mAP\b|FPS\b)|\bby (?:up to )?\d|\bfrom \d[\d.]*\S* to \d|\b(?:score|accuracy|rate|F1|BLEU|"
    r"mAP|AUC|perplexity|error)"
    r"[^.]{0,40}? of \$?\d|\b(?:half|twice|double|two|three|four|five|ten)(?:-fold| times)\b|\b\d+\.\d+\b",
    _I,
)
_CLAIM = re.compile(
    r"\b(?:outperform|improv|achiev|reduc|increas|gain|surpass|exceed|reach|accurac|speed|faster|better|"
    r"boost|obtain|yield|attain|"
    r"score|result|state-of-the-art|fewer|less|match|decreas|sav|show|error|find)\w*",
    _I,
)
_ADDRESS = re.compile(
    r"(?:https?\s?:\s?/\s?/\s?|www\.)[^\s{}<>\"“”|^`]+|\b(?:github|gitlab|huggingface)\.(?:com|"
    r"co)/[^\s{}<>\"|^`]+",
    _I,
)
_FORGE = r"https?\s?:\s?/\s?/\s?(?:github\.com|gitlab\.com|huggingface\.co)/"
_BEFORE_OWNER = re.compile(rf"({_FORGE})\s+(?=[\w-]+/)", _I)
# The word after "owner/ " is a repository where it ends a sentence or is written like a name.
_BEFORE_REPOSITORY = re.compile(
    rf"((?i:{_FORGE})[\w-]+/)\s+(?=[\w.-]*\w(?:[.)]+(?:\s|$)|$)|[\w.-]*(?:[a-z][A-Z\d]|\w_\w|[A-Za-z]-[A-Z]))"
)
_OWNER_PAGE = re.compile(rf"({_FORGE}[\w-]+)/", _I)


def addresses(text: str) -> tuple[str, ...]:
    """Web addresses, mended: "https: //", "github.com/ name", LaTeX escapes, closing punctuation. In order,
    once each."""
    text = re.sub(r"\\(?:url|href|footnote)\b", " ", text).replace("\\", "")
    text = _BEFORE_REPOSITORY.sub(r"\1", _BEFORE_OWNER.sub(r"\1", text))
    found = []
    for match in _ADDRESS.finditer(text):
        url = re.sub(r"\s", "", match[0])
        url = re.sub(r"(?<=.)https?://.*", "", url)
        while url and (url[-1] in ".,;:!?'’*$]»" or (url[-1] == ")" and url.count("(") < url.count(")"))):
            url = url[:-1]
        if not url.lower().startswith("http"):
            url = "https://" + url
        if owner := _OWNER_PAGE.fullmatch(url):
            url = owner[1]
        if re.match(r"https?://[\w-]+(?:\.[\w-]+)+", url, _I) and not re.fullmatch(_FORGE, url, _I):
            found.append(url)
    return tuple(dict.fromkeys(found))


def _sentence_scores(text: str, roles: NDArray[np.float32], introduced: set[str]) -> list[float]:
    """How much each sentence says what the paper contributes. `roles` as in Reading.sentences."""
    scores = []
    for i, (s, e) in enumerate(sentences(text)):
        sentence = text[s:e]
        offer = _OFFERS.search(sentence)
        score = float(roles[i][1] + 0.6 * roles[i][2]) if i < len(roles) else 0.0
        if offer:
            score += 1.2 if _MAKES.match(offer[1]) else 0.8
        elif _NAMED.search(sentence):
            score += 0.6
        score += 0.5 * any(name in sentence for name in introduced)
        scores.append(score - 0.03 * i)
    return scores


def gist(abstract: str, roles: NDArray[np.float32], entities: Sequence[Entity]) -> Evidence | None:
    """The sentence of the abstract that says what the paper contributes; None where there is no abstract."""
    spans = sentences(abstract)
    if not spans:
        return None
    introduced = {n for e in entities if e.role is Role.INTRODUCES for n in (e.name, *e.aliases)}
    scores = _sentence_scores(abstract, roles, introduced)
    start, end = spans[int(np.argmax(scores))]
    return Evidence(abstract[start:end], Span("abstract", start, end))


def claims(abstract: str, roles: NDArray[np.float32]) -> tuple[Evidence, ...]:
    """Sentences with a quantified result, at most MAX_CLAIMS, in order."""
    out = []
    for i, (s, e) in enumerate(sentences(abstract)):
        sentence = abstract[s:e]
        result = float(roles[i][3]) if i < len(roles) else 0.0
        if result < 0.25:
            continue
        plain = _ADDRESS.sub("", sentence)
        if _NUMBER.search(plain) and (result >= 0.6 or _CLAIM.search(plain)):
            out.append(Evidence(sentence, Span("abstract", s, e)))
    return tuple(out[:MAX_CLAIMS])


def kind(title: str, abstract: str, entities: Sequence[Entity]) -> PaperKind:
    """What the paper is, from its title, cue phrases and what it introduces."""
    made = [e for e in entities if e.role is Role.INTRODUCES]
    systems = [e for e in made if e.type in (EntityType.METHOD, EntityType.MODEL)]
    resources = [e for e in made if e.type is EntityType.BENCHMARK]
    in_title = {e.type for e in made if any(s.field == "title" for s in e.spans)}
    if _SURVEY.search(title) or (not systems and _SURVEYS.search(abstract)):
        return PaperKind.SURVEY
    if _POSITION_TITLE.search(title) or (not made and _POSITION.search(abstract)):
        return PaperKind.POSITION
    if "technical report" in title.lower() or (not resources and _REPORT.search(abstract)):
        return PaperKind.REPORT
    if EntityType.BENCHMARK in in_title and not in_title & {EntityType.METHOD, EntityType.MODEL}:
        return PaperKind.RESOURCE
    if resources and (not systems or (_RESOURCE.search(title) and not in_title - {EntityType.BENCHMARK})):
        return PaperKind.RESOURCE
    if systems:
        return PaperKind.SYSTEM
    if _ANALYSIS_TITLE.search(title):
        return PaperKind.ANALYSIS
    if _PROPOSES.search(abstract):
        return PaperKind.SYSTEM
    return PaperKind.ANALYSIS if _ANALYSIS.search(abstract) else PaperKind.SYSTEM


_ARTICLE = re.compile(r"^An?\s+(?=[a-z])")


def short(title: str, entities: Sequence[Entity]) -> str:
    """A label of at most 28 characters: the system that the paper introduces, else key terms of its title."""
    made = [e for e in entities if e.role is Role.INTRODUCES]
    made.sort(
        key=lambda e: (
            not _opens(e, title),
            not any(s.field == "title" for s in e.spans),
            -e.confidence,
            e.name,
        )
    )
    for e in made:
        for name in sorted({e.name, *e.aliases}, key=lambda n: (n != e.name, len(n), n)):
            label = _ARTICLE.sub("", readable(name))
            if 1 < len(label) <= SHORT and (
                any(c.isupper() or c.isdigit() for c in label) or _opens(e, title)
            ):
                return label
    return labels.from_title(title)


def _opens(entity: Entity, title: str) -> bool:
    """Whether the title begins with the entity and a colon."""
    return any(
        s.field == "title" and s.start <= 1 and re.match(r"\$?\s*[:：–—]", title[s.end :]) is not None
        for s in entity.spans
    )

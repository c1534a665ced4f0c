"""Commands that ask a graph: connected, similar, lineage, path, search, explain, stats, query."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from papergraph.cli.options import graph_option, load_settings, neo4j_credentials, setting_options
from papergraph.cli.output import Output, format_option, one_line
from papergraph.errors import UsageError
from papergraph.model import Role, View
from papergraph.text import plural

if TYPE_CHECKING:
    from papergraph.questions.answers import ConceptRef, Explanation, Hit, Statistics
    from papergraph.questions.meaning import QueryEmbedder
    from papergraph.questions.names import Resolved, ResolvedPaper
    from papergraph.settings import Settings
    from papergraph.store import GraphStore

_paper = click.argument("paper", metavar="PAPER")


@contextlib.contextmanager
def opened(graph: str, settings: Settings | None = None) -> Iterator[GraphStore]:
    """The store of a graph folder or URI, closed afterwards."""
    from papergraph.store import open_store

    if "://" in graph:
        _ask_password()
    store = open_store(graph, settings)
    try:
        yield store
    finally:
        store.close()


def _ask_password() -> None:
    """Puts the password that a person types where the store looks for it, unless it is there or nobody is
    there to ask.
    """
    if "NEO4J_PASSWORD" not in os.environ and sys.stdin.isatty():
        os.environ["NEO4J_USER"], os.environ["NEO4J_PASSWORD"] = neo4j_credentials()


def _embedder(store: GraphStore, settings: Settings) -> QueryEmbedder | None:
    """What embeds a question as the graph's papers were; None where there is none, and stderr says why."""
    from papergraph.questions import query_embedder

    embedder, reason = query_embedder(store, settings)
    if reason:
        click.echo(f"Note: {reason}.", err=True)
    return embedder


def _resolution(found: Resolved) -> str | None:
    """What to say of how a name was taken; None where it was taken as it stands and is nobody else's."""
    c = found.concept
    said = f"{found.asked!r} is taken as {_called(c)}" if found.how == "spelling" else None
    if found.others:
        also = "; ".join(_called(o) for o in found.others[:3])
        said = f"{found.asked!r} is taken as {_called(c)}; not as {also}"
    return said


def _called(c: ConceptRef) -> str:
    return f"{one_line(c.name)} ({c.type}, {plural(c.paper_count, 'paper')})"


def _paper_note(found: ResolvedPaper) -> list[str]:
    """The title that a text was taken for, unless the text was the title or the id."""
    if found.how in ("id", "title"):
        return []
    return [f"{found.asked!r} is taken as: {one_line(found.paper.title)}"]


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--all/--any",
    "every",
    default=True,
    help="Of several names: papers connected to all (default) or to any.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([r.value for r in Role]),
    help="Only connections in this role; may be repeated.",
)
@click.option("--about", metavar="TEXT", help="Only papers about this, by words and meaning, best first.")
@click.option("--exact", is_flag=True, help="Only papers that name it: no variant, and none by meaning.")
@click.option(
    "--variants", is_flag=True, help="Also papers that name a version, size or named variant of it."
)
@graph_option
@format_option
@setting_options("embedder", "threads")
def connected(
    names: tuple[str, ...],
    every: bool,
    roles: tuple[str, ...],
    about: str | None,
    exact: bool,
    variants: bool,
    graph: str,
    **options: Any,
) -> Output:
    """All papers connected to NAME: a method, model, benchmark or task, by any of its names.

    Each row says in which role and why, and how it matches: by name, by a variant (with --variants, and where
    no paper names NAME itself), or by meaning (with --about). Its confidence is that of the role: that the
    paper names NAME is at least as sure as entity_min_confidence, the role may be less.

    \b
    papergraph connected "chain-of-thought" --role builds_on --about "distil into small models" --graph DIR
    """
    if exact and variants:
        raise UsageError("--exact and --variants exclude each other")
    from papergraph import questions

    settings = load_settings(options)
    with opened(graph, settings) as store:
        resolved = [questions.names(store).resolve(n) for n in names]
        hits = questions.connected(
            store,
            names,
            mode="all" if every else "any",
            roles=[Role(r) for r in roles],
            about=about,
            exact=exact,
            variants=variants,
            embedder=_embedder(store, settings) if about else None,
        )
        notes = [n for n in map(_resolution, resolved) if n]
        if not exact and not variants:
            notes += _variant_notes(store, resolved, hits)
    asked = (" and " if every else " or ").join(one_line(r.concept.name) for r in resolved) or "this"
    within = f" in the role {' or '.join(roles)}" if roles else ""
    return Output(
        [h.as_dict() for h in hits],
        columns=("role", "match", "confidence", "year", "title", "evidence"),
        empty=f"No paper here is connected to {asked}{within}{' and about ' + about if about else ''}.",
        notes=notes,
    )


def _variant_notes(store: GraphStore, resolved: Sequence[Resolved], hits: Sequence[Hit]) -> list[str]:
    """What --variants would add, by name."""
    from papergraph.questions import catalogue

    if any(h.match == "variant" for h in hits):
        return ["No paper names it itself: these name a version, size or named variant of it."]
    cat = catalogue(store)
    named = {
        c: None for r in resolved for c in cat.descendants(r.concept.id) if cat.concepts[c].ref.paper_count
    }
    if not named:
        return []
    ranked = sorted((cat.concepts[c].ref for c in named), key=lambda c: (-c.paper_count, c.name))
    more = f" and {len(ranked) - 4} more" if len(ranked) > 4 else ""
    return [f"Not counted without --variants: {', '.join(one_line(c.name) for c in ranked[:4])}{more}"]


@click.command()
@_paper
@click.option("-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True, help="At most so many.")
@click.option(
    "--by",
    type=click.Choice(["overall", *(v.value for v in View)]),
    default="overall",
    show_default=True,
    help="By all that they say, by their problem (background, objective) or by their approach (method).",
)
@graph_option
@format_option
def similar(paper: str, k: int, by: str, graph: str) -> Output:
    """The nearest papers of PAPER (a title, its beginning, a label or an id), with what they share.

    Overall only papers above the graph's similarity floor are neighbours: a paper may have none. By problem
    and by approach the nearest stand here whatever their score: the probability that a reader says that both
    work on the same problem, or take the same approach.
    """
    from papergraph import questions

    with opened(graph) as store:
        found = questions.names(store).resolve_paper(paper)
        rows = questions.similar(store, found.paper.id, k, None if by == "overall" else View(by))
    return Output(
        [r.as_dict() for r in rows],
        columns=("rank", "score", "problem", "approach", "mutual", "title", "shared"),
        empty=f"No close neighbour here of: {one_line(found.paper.title)}",
        notes=_paper_note(found),
    )


@click.command()
@_paper
@click.option(
    "--direction",
    type=click.Choice(["ancestors", "descendants"]),
    default="ancestors",
    show_default=True,
    help="What PAPER builds on, or what builds on it.",
)
@click.option(
    "--depth", type=click.IntRange(1, 10), default=3, show_default=True, help="At most so many steps."
)
@graph_option
@format_option
def lineage(paper: str, direction: str, depth: int, graph: str) -> Output:
    """What PAPER builds on, or what builds on it, step by step, also outside the listings."""
    from papergraph import questions

    with opened(graph) as store:
        found = questions.names(store).resolve_paper(paper)
        rows = questions.lineage(store, found.paper.id, direction, depth)
    what = "builds on nothing that is known" if direction == "ancestors" else "is built on by nothing"
    return Output(
        [r.as_dict() for r in rows],
        columns=("depth", "basis", "confidence", "year", "listed", "title", "reason", "parent"),
        empty=f"This paper {what} here: {one_line(found.paper.title)}",
        notes=_paper_note(found),
    )


@click.command()
@click.argument("source", metavar="PAPER")
@click.argument("target", metavar="PAPER")
@graph_option
@format_option
def path(source: str, target: str, graph: str) -> Output:
    """How two papers are connected, step by step, over lineage, nearness and rare concepts that both name."""
    from papergraph import questions

    with opened(graph) as store:
        ends = [questions.names(store).resolve_paper(p) for p in (source, target)]
        steps = questions.path(store, ends[0].paper.id, ends[1].paper.id)
    return Output(
        [{"step": i, **s.as_dict()} for i, s in enumerate(steps, 1)],
        columns=("step", "words"),
        empty="Nothing joins them here but concepts that very many papers name.",
        notes=[n for e in ends for n in _paper_note(e)],
    )


@click.command()
@click.argument("text", nargs=-1, required=True, metavar="TEXT")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@click.option("--kind", type=click.Choice(["paper", "concept"]), help="Only papers, or only concepts.")
@click.option(
    "--meaning", is_flag=True, help="Also by meaning, not only by words (loads the graph's embedder)."
)
@graph_option
@format_option
@setting_options("embedder", "threads")
def search(
    text: tuple[str, ...], limit: int, kind: str | None, meaning: bool, graph: str, **options: Any
) -> Output:
    """Search titles, abstracts, names and aliases; beginnings of words and misspellings are found too."""
    from papergraph import questions

    settings = load_settings(options)
    with opened(graph, settings) as store:
        rows = questions.search(
            store,
            " ".join(text),
            limit,
            kinds=(kind,) if kind else ("paper", "concept"),
            embedder=_embedder(store, settings) if meaning else None,
        )
    return Output(
        [r.as_dict() for r in rows],
        columns=("score", "kind", "type", "title", "year", "snippet"),
        empty=f"Nothing here holds {' '.join(text)!r}, or a word like it.",
    )


@click.command()
@_paper
@graph_option
@format_option
def explain(paper: str, graph: str) -> Output:
    """What was extracted from PAPER, and why: names, types, roles, confidence, evidence; and its edges."""
    from papergraph import questions
    from papergraph.questions.corrections import about

    with opened(graph) as store:
        found = questions.names(store).resolve_paper(paper)
        e = questions.explain(store, found.paper.id)
        corrections = about(graph, store, e.paper.id)
    rows = [n.as_dict() for n in e.named]
    said = [f"Correction {c['number']}: {one_line(c['words'])}." for c in corrections]
    text = "\n".join([_explained(e, rows), *([""] if said else []), *said])
    document = {**e.as_dict(), "corrections": corrections}
    return Output(rows, document=document, text=text, notes=_paper_note(found))


def _explained(e: Explanation, rows: list[dict[str, Any]]) -> str:
    from papergraph.cli.output import table, terminal_width

    p = e.paper
    facts = [p.kind, str(p.year or ""), e.venue, "" if p.listed else "outside the listings"]
    out = [one_line(p.title), ", ".join(f for f in facts if f), f"id {p.id}"]
    out += [f"from {', '.join(e.sources)}"] if e.sources else []
    out += [f"code or data: {u}" for u in e.urls]
    if e.gist:
        out += ["", f"Contributes: {one_line(e.gist.text)}"]
    out += [f"Claims: {one_line(c.text)}" for c in e.claims]
    columns = ("role", "type", "name", "concept", "confidence", "spans", "evidence")
    out += ["", table(rows, columns, terminal_width()) if rows else "Names nothing that was recognised."]
    for r in e.relations:
        word = r.relation.replace("_", " ")
        basis = f" ({r.basis}, {r.confidence:.2f})" if r.basis else ""
        out.append(
            f"\n{word}: {one_line(r.title)}{basis}" + (f"\n  {one_line(r.reason)}" if r.reason else "")
        )
        out += [f'  "{one_line(q.text)}" [{q.field}:{q.start}-{q.end}]' for q in r.evidence]
    out += ["", "Nearest:"] if e.neighbours else ["", "No close neighbour here."]
    out += [f"  {n.score:.2f}  {one_line(n.title)}" for n in e.neighbours]
    return "\n".join(out)


@click.command()
@graph_option
@format_option
def stats(graph: str) -> Output:
    """Counts of papers, concepts and edges, and the concepts that most papers name."""
    from papergraph import questions

    with opened(graph) as store:
        s = questions.stats(store)
    rows = list(_figures(s))
    return Output(rows, document=s.as_dict())


def _figures(s: Statistics) -> Iterator[dict[str, Any]]:
    yield {"figure": "papers in the listings", "value": s.papers_listed}
    yield {"figure": "papers outside the listings", "value": s.papers_outside}
    for kind, n in s.kinds.items():
        yield {"figure": f"papers, {kind}", "value": n}
    for kind, n in s.concept_types.items():
        yield {"figure": f"concepts, {kind}", "value": n}
    yield {"figure": "concepts named by one paper only", "value": s.named_once}
    for name, n in s.counts.items():
        if name.isupper():
            yield {"figure": f"edges, {name}", "value": n}
    yield {"figure": "BUILDS_ON stated", "value": s.stated}
    yield {"figure": "BUILDS_ON inferred", "value": s.inferred}
    if s.corrected:
        yield {"figure": "BUILDS_ON said by a reader", "value": s.corrected}
    yield {"figure": "papers without a close neighbour", "value": s.without_neighbour}
    for kind, top in s.top.items():
        for c in top[:5]:
            yield {"figure": f"most named {kind}: {c.name}", "value": c.paper_count}


@click.command()
@click.argument("cypher", required=False)
@click.option("--named", metavar="NAME", help="Run the named query NAME.")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="A parameter; may be repeated.")
@click.option("--list", "listing", is_flag=True, help="Show the named queries and their parameters.")
@click.option(
    "--graph",
    metavar="DIR|URI",
    envvar="PAPERGRAPH_GRAPH",
    help="Graph folder, or bolt:// address of a Neo4j; not needed with --list.",
)
@format_option
@setting_options("query_timeout", "query_rows", "query_bytes")
def query(
    cypher: str | None,
    named: str | None,
    params: tuple[str, ...],
    listing: bool,
    graph: str | None,
    **options: Any,
) -> Output:
    """Run a named query, or your own read-only CYPHER ("-" reads it from standard input).

    \b
    papergraph query --named papers_of_concept --param concept=BERT --graph DIR
    papergraph query 'MATCH (p:Paper) RETURN p.title LIMIT 5' --graph DIR
    """
    if listing:
        return Output(list(_named_queries()), columns=("name", "title", "parameters"))
    if (cypher is None) == (named is None):
        raise UsageError(
            "give either CYPHER or --named NAME", "`papergraph query --list` shows the named queries"
        )
    if graph is None:
        raise UsageError("no graph was given", "add --graph DIR, or set PAPERGRAPH_GRAPH")
    settings = load_settings(options)
    values = dict(_assignment(p) for p in params)
    with opened(graph, settings) as store:
        if named is not None:
            from papergraph.queries import run_named

            return Output(run_named(store, named, values), empty="The query gives no rows.")
        text = sys.stdin.read() if cypher == "-" else cypher or ""
        result = store.run_text(
            text,
            {k: _value(v) for k, v in values.items()},
            timeout=settings.query_timeout,
            rows=settings.query_rows,
            size=settings.query_bytes,
        )
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    notes = [result.truncated] if result.truncated else []
    return Output(rows, columns=result.columns, empty="The query gives no rows.", notes=notes)


def _named_queries() -> Iterator[dict[str, Any]]:
    from papergraph.queries import named_queries

    for q in named_queries().values():
        parameters = [
            {"name": p.name, "type": p.type, "default": p.default, "help": p.help} for p in q.parameters
        ]
        yield {"name": q.name, "title": q.title, "parameters": parameters, "description": q.description}


def _assignment(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise UsageError(f"--param {text!r} is not KEY=VALUE")
    return key.strip(), value


def _value(text: str) -> Any:
    """A parameter of own Cypher: JSON where it is JSON (numbers, lists, true), else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text

"""The words that the read-only guard knows, by dialect. What is not here is refused."""

from __future__ import annotations

from papergraph.queries import Dialect

# Refused wherever they stand outside strings and backticks; the reason is shown. The allowlists below refuse
# most of them anyway: this table is for the message, and a second lock.
_WRITING = "CREATE MERGE DELETE DETACH NODETACH SET REMOVE INSERT FOREACH DROP ALTER RENAME TRUNCATE"
_FILES = "LOAD COPY EXPORT IMPORT ATTACH INSTALL UNINSTALL CSV"
_SERVER = (
    "GRANT DENY REVOKE SHOW USE TERMINATE TRANSACTIONS BEGIN COMMIT ROLLBACK CHECKPOINT PERIODIC MACRO CYPHER"
)
FORBIDDEN: dict[str, str] = {
    **dict.fromkeys(_WRITING.split(), "it writes"),
    **dict.fromkeys(_FILES.split(), "it reads or writes files"),
    **dict.fromkeys(_SERVER.split(), "it administers the server"),
    "EXPLAIN": "every query is explained by itself before it runs",
    "PROFILE": "every query is explained by itself before it runs",
}

_CLAUSES = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN"})
CLAUSES: dict[Dialect, frozenset[str]] = {Dialect.LADYBUG: _CLAUSES, Dialect.NEO4J: _CLAUSES | {"CALL"}}

_KEYWORDS = (
    "MATCH OPTIONAL WHERE RETURN WITH UNWIND AS DISTINCT ORDER BY ASC ASCENDING DESC DESCENDING SKIP LIMIT "
    "UNION ALL AND OR XOR NOT IN IS NULL STARTS ENDS CONTAINS CASE WHEN THEN ELSE END EXISTS COUNT TRUE "
    "FALSE ANY NONE SINGLE SHORTEST"
)
_LADYBUG_KEYWORDS = "CAST TRAIL ACYCLIC WSHORTEST"
_NEO4J_KEYWORDS = "CALL YIELD COLLECT OFFSET GROUP GROUPS PATH PATHS"
KEYWORDS: dict[Dialect, frozenset[str]] = {
    Dialect.LADYBUG: frozenset(f"{_KEYWORDS} {_LADYBUG_KEYWORDS}".split()),
    Dialect.NEO4J: frozenset(f"{_KEYWORDS} {_NEO4J_KEYWORDS}".split()),
}

_FUNCTIONS = (
    "abs acos all any asin atan atan2 avg ceil coalesce collect cos cot count degrees exists floor id keys "
    "label labels left length log log10 lower ltrim max min nodes none nullif percentilecont percentiledisc "
    "pi properties radians range replace reverse right round rtrim sign sin single size sqrt substring sum "
    "tan tolower toupper trim upper type"
)
_LADYBUG_FUNCTIONS = (
    "array_append array_cat array_concat array_contains array_cosine_similarity array_distance "
    "array_dot_product array_extract array_has array_indexof array_inner_product array_position "
    "array_prepend array_slice array_squared_distance array_value cast cbrt ceiling concat concat_ws "
    "contains cost count_if date date_part date_trunc datepart datetrunc dayname element_at end_node "
    "ends_with even factorial greatest hash ifnull initcap is_acyclic is_trail last_day lcase least "
    "levenshtein list_any_value list_append list_cat list_concat list_contains list_creation list_distinct "
    "list_element list_extract list_filter list_has list_has_all list_has_any list_indexof list_max "
    "list_min list_position list_prepend list_product list_reduce list_reverse list_reverse_sort list_slice "
    "list_sort list_sum list_to_string list_transform list_unique ln log2 lpad make_date map map_extract "
    "map_keys map_values md5 monthname octet_length pow prefix regexp_extract regexp_extract_all "
    "regexp_full_match regexp_matches regexp_replace regexp_split_to_array relationships rels repeat rpad "
    "sha256 split_part start_node starts_with str_split string string_split string_to_array struct_extract "
    "struct_pack substr suffix timestamp to_bool to_date to_double to_float to_int128 to_int16 to_int32 "
    "to_int64 to_int8 to_string to_timestamp typeof ucase"
)
_NEO4J_FUNCTIONS = (
    "allshortestpaths btrim char_length character_length date datetime duration duration.between "
    "duration.indays duration.inmonths e elementid endnode exp extract filter haversin head isempty isnan "
    "last localdatetime localtime normalize rand reduce relationships rels shortestpath split startnode "
    "stdev stdevp tail time toboolean tobooleanlist tobooleanornull tofloat tofloatlist tofloatornull "
    "tointeger tointegerlist tointegerornull tostring tostringlist tostringornull valuetype "
    "vector.similarity.cosine vector.similarity.euclidean"
)
FUNCTIONS: dict[Dialect, frozenset[str]] = {
    Dialect.LADYBUG: frozenset(f"{_FUNCTIONS} {_LADYBUG_FUNCTIONS}".split()),
    Dialect.NEO4J: frozenset(f"{_FUNCTIONS} {_NEO4J_FUNCTIONS}".split()),
}

# By folded name, as written in messages. `CALL db.labels()` and the like; all of them read.
PROCEDURES: dict[Dialect, dict[str, str]] = {
    Dialect.LADYBUG: {},
    Dialect.NEO4J: {
        name.casefold(): name
        for name in (
            "db.labels",
            "db.relationshipTypes",
            "db.propertyKeys",
            "db.schema.visualization",
            "db.schema.nodeTypeProperties",
            "db.schema.relTypeProperties",
            "db.index.fulltext.queryNodes",
            "db.index.vector.queryNodes",
        )
    },
}

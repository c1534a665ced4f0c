"""Places of pictures: layers of a lineage, and what is opened in place."""

from hypothesis import given
from hypothesis import strategies as st

from papergraph.service.layers import HIGH, curve, layers
from papergraph.service.layout import place_near

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)


@given(st.lists(st.integers(-3, 3), min_size=12, max_size=12), EDGES)
def test_boxes_of_a_column_keep_apart_and_columns_go_from_left_to_right(
    columns: list[int], joined: list[tuple[int, int]]
) -> None:
    column = {f"p{i}": at for i, at in enumerate(columns)}
    edges = [(f"p{a}", f"p{b}") for a, b in joined if a != b]
    found = layers(column, edges)
    assert found == layers(column, edges)
    for a in column:
        x, y = found.places[a]
        assert 0 <= x < found.width
        assert 0 <= y <= found.height - HIGH
        for b in column:
            other_x, other_y = found.places[b]
            assert (column[a] < column[b]) == (x < other_x)
            if a != b and column[a] == column[b]:
                assert abs(y - other_y) >= HIGH
    for a, b in edges:
        assert curve(found, a, b).startswith("M")


def test_barycentres_take_a_crossing_away() -> None:
    found = layers({"a": 0, "b": 0, "x": 1, "y": 1}, [("a", "y"), ("b", "x")])
    (_, a), (_, b), (_, x), (_, y) = (found.places[n] for n in "abxy")
    assert (a < b) == (y < x)


@given(st.integers(0, 60))
def test_new_nodes_find_free_room_and_move_nothing(count: int) -> None:
    places = {"a": (0.0, 0.0), "b": (150.0, 10.0), "c": (-80.0, 90.0)}
    before = dict(places)
    place_near(places, "a", [f"n{i}" for i in range(count)])
    assert {n: places[n] for n in before} == before
    assert len(set(places.values())) == len(before) + count

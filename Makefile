# One command each: `make run` opens the chat, `make test` tests it. Both set up what they need first.
# Needs Python 3.11 or newer with pip; another Python: make run PYTHON=python3.12

PYTHON ?= python3
VENV   := .venv
RUN    ?= reader-run
READ    = --data $(PUBLIC) --ours $(RUN)/ours.jsonl --without judged  # which what ships had not seen
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps
export HF_HUB_OFFLINE = 1
export GRADIO_ANALYTICS_ENABLED = False

.PHONY: run test lint check format index scorecard reader lock clean help

help:            ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: $(VENV)/run.stamp      ## set up, build the index where it is stale, open the chat
	$(PY) app.py

test: $(VENV)/dev.stamp     ## set up and run the tests, on every core
	$(PY) -m pytest -n auto --dist loadfile $(ARGS)

index: $(VENV)/run.stamp    ## build the index of corpus/ or bring it up to date
	$(PY) -m rag index

lint: $(VENV)/dev.stamp     ## check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

check: $(VENV)/run.stamp    ## check the records of corpus/
	$(PY) -m rag check

format: $(VENV)/dev.stamp   ## put the code in form
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

scorecard: $(VENV)/dev.stamp ## measure on the gold set and put the figures into the README
	$(PY) -m rag evaluate tests/gold/questions.jsonl --baseline langchain --out tests/gold/report --into README.md

reader: $(VENV)/dev.stamp   ## train the reader anew: make reader DOCUMENTS=folder PUBLIC=folder (hours)
	$(PY) -m training.mine --documents $(DOCUMENTS) --out $(RUN)/ours.jsonl
	$(PY) -m training.train $(READ) --out $(RUN)/1 --epochs 1.3 --without written --without denied
	$(PY) -m training.train $(READ) --out $(RUN)/2 --seed 2 --pairs 64000 --rate 5e-5 --without written --without denied --start $(RUN)/1/best.pt
	$(PY) -m training.export --run $(RUN)/2 --with $(RUN)/1 --to $(RUN)/mean
	$(PY) -m training.train $(READ) --out $(RUN)/3 --seed 3 --pairs 64000 --rate 5e-5 --written 8 --without denied --start $(RUN)/mean/reader.onnx
	$(PY) -m training.export --run $(RUN)/3 --with $(RUN)/mean/reader.onnx --to $(RUN)/mixed
	$(PY) -m training.train $(READ) --out $(RUN)/4 --seed 4 --pairs 64000 --rate 5e-5 --written 6 --without denied --start $(RUN)/mixed/reader.onnx
	$(PY) -m training.export --run $(RUN)/4/last.pt --with $(RUN)/mixed/reader.onnx --to $(RUN)/fourth
	$(PY) -m training.train $(READ) --out $(RUN)/5 --seed 5 --pairs 48000 --rate 5e-5 --start $(RUN)/fourth/reader.onnx
	$(PY) -m training.export --run $(RUN)/5/last.pt --with $(RUN)/fourth/reader.onnx --share 0.3
	$(PY) -m training.judge --documents $(DOCUMENTS)
	$(PY) -m training.deny --documents $(DOCUMENTS)

lock:            ## write the lock files anew (needs uv)
	.ci/lock

clean:           ## remove the virtual environment and the index
	rm -rf $(VENV) .index

$(PY):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ChipQuote needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

# torch: the CPU build where one is offered; where it came as a CUDA build, it needs NVIDIA's libraries to start at all.
$(VENV)/run.stamp: requirements.lock requirements-cpu.lock requirements-cuda.lock | $(PY)
	@echo "Installing the locked packages into $(VENV) (a few minutes the first time) ..."
	@$(PIP) -r requirements-cpu.lock 2>/dev/null || echo "No CPU build of torch is offered here: taking the index's own."
	$(PIP) -r requirements.lock
	@$(PY) -c 'import sys; from importlib.metadata import version; sys.exit(sys.platform == "linux" and "+cpu" not in version("torch"))' \
		|| $(PIP) -r requirements-cuda.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(PIP) -r requirements-dev.lock
	@touch $@

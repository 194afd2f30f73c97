# Everything starts here: `make` alone tells what there is.
# Each command sets up what it needs first (tools/setup.sh); again, that takes about a second.

PYTHON_HERE := .venv/bin/python

TESTS := tests/unit tests/ui

# Set somewhere outside, this doubles the time of every start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test fuzz setup check package screenshots training-graph bench bench-accuracy clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: ## the program; without a screen its self-test, and a picture of the window
	@sh tools/run.sh $(ARGUMENTS)

setup: ## .venv and the system libraries, for development
	@sh tools/setup.sh dev

check: setup ## style and types only
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .
	$(PYTHON_HERE) -m mypy

# Windows of the tests stay off the screen; real ones get a virtual screen of their own.
test: check ## every check and every test
	LC_ALL= LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen \
		$(PYTHON_HERE) -m pytest -q --numprocesses auto --maxprocesses 4 $(TESTS)

# The fuzzer is needed here alone, and has an environment of its own for it.
FUZZER := build/fuzz/environment/bin/python

$(FUZZER): constraints.txt
	python3 -m venv --clear build/fuzz/environment
	$(FUZZER) -m pip install --quiet --disable-pip-version-check -c constraints.txt numpy atheris==3.0.0
	@touch $(FUZZER)

fuzz: $(FUZZER) ## a million inputs, right and wrong, for what reads files; SECONDS=60 or RUNS=20000
	@LC_ALL= LANG=C.UTF-8 $(FUZZER) -m fuzz \
		$(if $(RUNS),--runs $(RUNS)) $(if $(SECONDS),--seconds $(SECONDS)) $(ARGUMENTS)

package: setup ## dist/mnist-desktop, a folder that runs without Python; tested elsewhere
	LC_ALL= LANG=C.UTF-8 $(PYTHON_HERE) -m PyInstaller --noconfirm --log-level WARN build.spec
	BUNDLE=dist/mnist-desktop $(PYTHON_HERE) -m pytest -q tests/package

# Real digits are shown where the folder of real data lies beside the checkout, generated ones elsewhere.
screenshots: setup ## pictures of every page, in both colour schemes, in docs/screenshots
	QT_QPA_PLATFORM=offscreen LC_ALL= LANG=C.UTF-8 QT_SCALE_FACTOR=1 $(PYTHON_HERE) \
		-m mnist_desktop.ui.gallery docs/screenshots \
		$(if $(wildcard ../shared/data/mnist),--data ../shared/data)

# The short ones first. Each is explained in docs/benchmarks.md and has its own --help.
BENCHMARKS := profile_step augmentation threads cancel fine_tuning duplicates idx grid nearest why window train_step articles ink accuracy

training-graph: setup ## the picture in docs/training-graph.md, of the step as it is now
	$(PYTHON_HERE) tools/draw_graph.py docs/training-graph.png

bench: setup ## measure everything, the short ones first; on a quiet machine
	@echo "About ten minutes, then half an hour for accuracy, on two cores that do nothing else."
	@echo "The first time PyTorch and TensorFlow are installed into the temporary folder, 2.6 GB."
	@for name in $(BENCHMARKS); do \
		echo && echo "== benchmarks/$$name.py" && \
		LC_ALL= LANG=C.UTF-8 $(PYTHON_HERE) benchmarks/$$name.py || exit 1; \
	done

# What is interrupted goes on where it was, until the trainer is changed.
bench-accuracy: setup ## accuracy, time and memory of every recipe with a goal, an hour or more
	LC_ALL= LANG=C.UTF-8 $(PYTHON_HERE) benchmarks/accuracy.py \
		quick standard keras-rmsprop keras-sgd thorough --save build/accuracy.jsonl $(ARGUMENTS)

clean: ## remove what was made here: .venv, builds, caches
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

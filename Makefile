# The only entries a newcomer needs: make demo, make test, make check, make bench NAME=compare
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_LINK_MODE = hardlink
export PYTHONDONTWRITEBYTECODE =

.PHONY: help setup setup-dev demo demo-reset test test-worlds test-hostile test-browser test-spark drill check bench docs format lock clean

help:
	@echo "make demo        示范系统：安装、建库、载入示范区县并启动（Ctrl-C 停止）"
	@echo "make demo-reset  清空示范数据后重新开始"
	@echo "make test        快速测试；make test-browser 浏览器测试；make test-worlds “两个世界”测试；make test-hostile 恶意文件测试"
	@echo "make test-spark  同一套规则在 Spark 上的测试（需要 Java）"
	@echo "make check       全部检查：格式、ruff、mypy、导入方向、房间、迁移、文档、模板"
	@echo "make drill       正式环境演练：建库、备份、不停机升级、毁库、恢复（Debian，root）"
	@echo "make bench NAME=compare|pages|rules   一项性能测试，末行 PASS 或 FAIL"
	@echo "make setup       只准备 .venv（含命令 hutong）"

$(BIN)/uv: requirements-uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/setup.stamp: requirements.lock pyproject.toml $(BIN)/uv
	@echo "安装依赖 …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/setup.stamp
	@echo "安装开发依赖 …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/setup.stamp
	@$(BIN)/hutong assets

setup-dev: setup $(VENV)/dev.stamp

demo: setup
	@exec $(BIN)/hutong demo

demo-reset: setup
	@$(BIN)/hutong demo --reset

test: setup-dev
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not browser" --ignore tests/access/worlds --ignore tests/hostile --ignore tests/architecture $(ARGS)

test-worlds: setup-dev
	@$(BIN)/pytest -q -n 2 --dist loadfile tests/access/worlds $(ARGS)

test-hostile: setup-dev
	@$(BIN)/pytest -q -n 2 --dist load tests/hostile $(ARGS)

test-browser: setup-dev
	@$(BIN)/pytest -q -m browser src/hutong/foundation/design/tests $(ARGS)
	@$(BIN)/pytest -q -m browser -p no:randomly tests/system $(ARGS)  # one quarter's story, in order, in a browser of its own

$(VENV)/spark.stamp: requirements-spark.lock $(VENV)/dev.stamp
	@echo "安装 Spark（约半个 GB，只用于测试）…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --require-hashes -r requirements-spark.lock
	@touch $@

test-spark: $(VENV)/spark.stamp
	@$(BIN)/pytest -q -p no:randomly tests/spark/spark.py $(ARGS)

drill: setup-dev
	@$(BIN)/pytest -q -x -p no:randomly tests/drill/drill.py $(ARGS)

check: setup-dev
	@$(BIN)/python tests/architecture/check.py

bench: setup-dev
	@test -n "$(NAME)" || (echo "用法：make bench NAME=compare" && exit 2)
	@$(BIN)/python benchmarks/$(NAME).py $(ARGS)

docs: setup-dev
	@$(BIN)/hutong docs

format: setup-dev
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: $(BIN)/uv
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --only-binary :all: --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 --quiet -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock --generate-hashes --only-binary :all: --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 --quiet -o requirements-dev.lock
	@$(BIN)/uv pip compile --group pyproject.toml:spark -c requirements-dev.lock --generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 --quiet -o requirements-spark.lock

clean:
	@rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis

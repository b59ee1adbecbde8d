# Every target sets itself up: `make help` lists them.

PYTHON ?= python3
LOCALE = zh
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/ready
LOCK := var/set-up.lock

# Compiled once, and not anew by each of the many processes that a run starts.
unexport PYTHONDONTWRITEBYTECODE

# One worker for each core; each has databases of its own.
WORKERS = --numprocesses=auto --dist=worksteal

# The pure rooms of the engine, the step kinds, the strict reader and the dates: not one branch of
# theirs goes untested.
PURE := \
	api/files/numbering.py \
	api/files/numerals.py \
	api/http/csrf.py \
	api/http/etags.py \
	api/http/headers.py \
	api/http/idempotency.py \
	api/http/language.py \
	api/http/limits.py \
	api/http/links.py \
	api/http/naming.py \
	api/http/pages.py \
	api/http/proxies.py \
	api/http/requests.py \
	api/http/sheets.py \
	api/identity/acts.py \
	api/identity/codes.py \
	api/identity/guessable.py \
	api/identity/password_rules.py \
	api/identity/policy.py \
	api/identity/sealing.py \
	api/identity/sources.py \
	api/identity/timing.py \
	api/identity/tokens.py \
	api/presenting/cells.py \
	api/presenting/texts.py \
	notifications/backing_off.py \
	notifications/due.py \
	notifications/feeding.py \
	notifications/keeping.py \
	notifications/letters.py \
	notifications/open_dates.py \
	notifications/policy.py \
	notifications/preferences.py \
	notifications/quiet.py \
	notifications/recipients.py \
	notifications/routing.py \
	notifications/rules.py \
	notifications/falling_due.py \
	notifications/watchpoints.py \
	workflow/access.py \
	workflow/anchoring.py \
	workflow/ballot.py \
	workflow/bundle.py \
	workflow/calendar.py \
	workflow/canonical.py \
	workflow/catalogue.py \
	workflow/checkpoints.py \
	workflow/commands.py \
	workflow/counting.py \
	workflow/decisions/*.py \
	workflow/definition.py \
	workflow/difference.py \
	workflow/directory.py \
	workflow/ed25519.py \
	workflow/errors.py \
	workflow/explaining/*.py \
	workflow/facts.py \
	workflow/files.py \
	workflow/guards.py \
	workflow/holiday_forms.py \
	workflow/idle.py \
	workflow/journal.py \
	workflow/kin.py \
	workflow/listing.py \
	workflow/machine.py \
	workflow/meeting.py \
	workflow/meeting_forms.py \
	workflow/parties.py \
	workflow/planning/*.py \
	workflow/ports.py \
	workflow/refusals.py \
	workflow/retainer_forms.py \
	workflow/retainers.py \
	workflow/sealing.py \
	workflow/searching.py \
	workflow/shifting.py \
	workflow/signers.py \
	workflow/signing.py \
	workflow/submissions.py \
	workflow/texts.py \
	workflow/ties.py \
	workflow/timeline.py \
	workflow/traces.py \
	workflow/urgency.py \
	workflow/validation.py \
	workflow/veil.py \
	workflow/recurring.py \
	workflow/recurring_forms.py \
	workflow/yearly_catalogue.py \
	workflow/yearly_forms.py \
	procedures/answers.py \
	procedures/book.py \
	procedures/citing.py \
	procedures/combine.py \
	procedures/combine_rules.py \
	procedures/compile.py \
	procedures/coverage.py \
	procedures/dates.py \
	procedures/departures.py \
	procedures/draw.py \
	procedures/duties.py \
	procedures/editions.py \
	procedures/founding_retainers.py \
	procedures/hearing_forms.py \
	procedures/holiday_text.py \
	procedures/joining.py \
	procedures/kinds/*.py \
	procedures/known.py \
	procedures/looseness.py \
	procedures/looser.py \
	procedures/marks.py \
	procedures/masking.py \
	procedures/merge.py \
	procedures/offering.py \
	procedures/opinions.py \
	procedures/organisation.py \
	procedures/panel.py \
	procedures/papers.py \
	procedures/problems.py \
	procedures/prover.py \
	procedures/prover_ballots.py \
	procedures/prover_evaluation.py \
	procedures/prover_people.py \
	procedures/prover_reader.py \
	procedures/prover_shape.py \
	procedures/prover_suspension.py \
	procedures/prover_world.py \
	procedures/public.py \
	procedures/ranking.py \
	procedures/reading.py \
	procedures/reference_moves.py \
	procedures/reference_parts.py \
	procedures/references.py \
	procedures/review_forms.py \
	procedures/safeguards.py \
	procedures/schema.py \
	procedures/source.py \
	procedures/strict_yaml.py \
	procedures/succession.py \
	procedures/tighten.py \
	procedures/together.py \
	procedures/weighing.py \
	procedures/wording.py
# Unit tests that try thousands of cases, of which the others have tried every branch already: they
# run where coverage does not slow them down.
LONG := \
	tests/unit/test_bench_shape.py \
	tests/unit/test_prover_shared.py \
	tests/unit/test_planning_search.py \
	tests/unit/test_acting_and_reading.py::test_whoever_may_act_on_a_matter_can_read_it \
	tests/unit/test_ballot_written_out.py \
	tests/unit/test_calendar.py::test_random_counts_agree_with_the_oracle_on_random_calendars_to_their_very_edges \
	tests/unit/test_calendar.py::test_random_distances_agree_with_the_oracle \
	tests/unit/test_canonical.py::TestPlain::test_whatever_is_written_can_be_read_again \
	tests/unit/test_courses.py \
	tests/unit/test_dates.py::test_ten_thousand_random_counts_agree_with_the_oracle \
	tests/unit/test_mandates_kept_apart.py \
	tests/unit/test_procedures_combine.py::test_a_procedure_joined_with_itself_asks_for_no_more \
	tests/unit/test_procedures_combine.py::test_the_whole_asks_for_all_that_each_part_asks_for \
	tests/unit/test_profiles.py
BESIDE := tests/e2e tests/guards tests/integration tests/scenarios

empty :=
comma := ,

.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench attack kill year fmt lock clean

help: ## 列出各项命令 · list these commands
	@echo "make TARGET    (demo: LOCALE=zh|en; PYTHON=python3.11 …)"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## 演示一个事项从提议到归档的全过程 · play a matter from proposal to archive
	@$(RUN)/yicheng --locale $(LOCALE) demo

serve: $(READY) ## 用样例单位开放接口（http://127.0.0.1:8000） · open the door with the sample organisation
	@$(RUN)/yicheng --locale $(LOCALE) --database sqlite:///var/serve.db serve --sample

test: $(READY) ## 运行全部测试（SQLite 与 PostgreSQL） · run every test on SQLite and PostgreSQL
	@$(RUN)/python -m pytest $(WORKERS)

check: $(READY) ## 格式、类型、分层、测试、覆盖率 · what continuous integration runs
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo
	@ls $(PURE) > /dev/null
	@echo "The pure rooms, where the unit tests leave no line and no branch untried:"
	$(RUN)/python -m pytest $(WORKERS) tests/unit $(addprefix --deselect=,$(LONG)) --cov --cov-report=
	$(RUN)/coverage report --fail-under=100 --include="$(subst $(empty) $(empty),$(comma),$(strip $(PURE)))"
	@echo "Everything else:"
	$(RUN)/python -m pytest $(WORKERS) $(LONG) $(BESIDE)

bench: $(READY) ## 性能测量，写入 var/bench.json · measure the speed
	@$(RUN)/python -m tests.benchmarks $(STAGES)

attack: $(READY) ## 按接口说明随机攻击（两万次以上），写入 var/attack.json · attack the door at random
	@$(RUN)/python -m tests.attacks

kill: $(READY) ## 随时杀死进程，每种数据库二百次（STAGES=acts 或者 notices 只做一种）· kill workers at any moment, 200 on each database
	@$(RUN)/python -m tests.faults $(KILLS) $(SEED) $(STAGES)
KILLS = 200
SEED = 1
STAGES = acts,notices

year: $(READY) ## 一年半、五百个事项的提醒，与独立推算逐条核对，写入 var/year.json · a year of reminders
	@$(RUN)/python -m tests.year

fmt: $(READY) ## 整理代码格式 · format the code
	@$(RUN)/ruff check --fix-only .
	@$(RUN)/ruff format .

# What is pinned stays pinned; `make lock UPGRADE=--upgrade` takes the newest of everything.
COMPILE = var/locker/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(UPGRADE)
lock: ## 重新锁定依赖 · remake the hash-pinned requirements
	@$(PYTHON) -m venv var/locker
	@var/locker/bin/python -m pip --disable-pip-version-check install -qq uv==0.13.9
	@$(COMPILE) --output-file requirements.txt > /dev/null
	@$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt > /dev/null

clean: ## 删除虚拟环境与缓存，保留 var/ · remove what make made, but var/ may hold data
	@rm -rf $(VENV) var/locker build dist .coverage .coverage.* htmlcov .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find api notifications procedures workflow tests -name __pycache__ -prune -exec rm -rf {} +

# --- set-up ---------------------------------------------------------------------------------------
# Two marks, each written last and naming the folder it was made in, so that a set-up that was
# interrupted, or a clone that was moved, is done again: `locked` for the packages, `ready` for the
# project itself.  The lock on descriptor 9 belongs to the shell: two makes take turns, and a
# killed one lets go.  A link to the environment of another folder is taken away, not cleared.

ifneq ($(shell cat $(READY) 2> /dev/null),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
		echo "需要 Python 3.11 或更高版本；可用 PYTHON=… 指定。"; \
		echo "Python 3.11 or newer is needed; name one with PYTHON=…"; \
		echo "PYTHON=$(PYTHON): $$($(PYTHON) --version 2>&1)"; \
		exit 1; \
	} >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "此 Python 缺少 venv 模块（Debian：安装 python3-venv）。"; \
		echo "This Python lacks its venv module (on Debian install python3-venv)."; \
		exit 1; \
	} >&2
	@mkdir -p var
	@set -e; \
	exec 9> $(LOCK); \
	$(PYTHON) -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'; \
	made() { [ "$$(cat $(VENV)/$$1 2> /dev/null)" = "$(CURDIR)" ] && [ $(VENV)/$$1 -nt $$2 ]; }; \
	pip="$(RUN)/python -m pip --disable-pip-version-check --no-input install -qq"; \
	if ! made locked requirements-dev.txt; then \
		echo "准备 $(VENV)，仅此一次 · setting up $(VENV), this once …" >&2; \
		if [ -L $(VENV) ]; then rm $(VENV); else rm -f $(READY) $(VENV)/locked; fi; \
		$(PYTHON) -m venv --clear $(VENV); \
		$$pip --no-deps --require-hashes --only-binary :all: -r requirements-dev.txt; \
		echo "$(CURDIR)" > $(VENV)/locked; \
	fi; \
	if ! { made ready pyproject.toml && made ready $(VENV)/locked; }; then \
		rm -f $(READY); \
		$$pip --no-deps --no-build-isolation --editable .; \
		echo "$(CURDIR)" > $(READY); \
	fi

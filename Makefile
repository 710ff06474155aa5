# Aliases for those whose fingers know make; dev.py is the real thing and runs everywhere.
PYTHON ?= python3

.PHONY: run test
run test:
	$(PYTHON) dev.py $@

# What a contributor runs. Everything that is missing on the machine is installed by scripts/setup.
CODEGEN = RUSTFLAGS='--cfg kyso_codegen' cargo run -q -p kyso-codegen --target-dir target/codegen --
DIR ?= tests/vectors
PREFIX ?= /usr/local

.PHONY: demo test faces check-faces npm wheel c install php vectors e2e lint

# The main job of all three gateways in all five languages, side by side.
demo:
	scripts/demo

# Packages, unit tests, the five vector runners and the demo.
test:
	scripts/test

# Writes the typed faces of every language from the table of operations.
faces:
	$(CODEGEN)

# Fails when a committed face is stale.
check-faces:
	$(CODEGEN) --check

# npm package: build/npm/kyso-VERSION.tgz
npm:
	scripts/npm

# PyPI package: build/wheel/kyso-VERSION-*.whl
wheel:
	scripts/wheel

# C library, header and pkg-config file: build/c
c:
	scripts/c

# make install DESTDIR= PREFIX=/usr/local
install: c
	scripts/install-c "$(DESTDIR)" "$(PREFIX)"

# PHP extension: build/php/kyso.so
php:
	scripts/php

# make vectors DIR=folder: runs it through Rust, Node, Python, C and PHP, each from the installed package.
vectors:
	scripts/vectors "$(DIR)"

# Merchants in every language against reference gateways, over HTTP on this machine; takes the packages as built.
e2e:
	scripts/e2e

.PHONY: bench
# CPU time of kyso beside its peers: make bench, or make bench HOST=python QUICK=1
bench:
	scripts/bench $(HOST)

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

.PHONY: cli
# The command line: build/bin/kyso
cli:
	cargo build -q --release -p kyso-cli
	mkdir -p build/bin && cp target/release/kyso build/bin/

.PHONY: playground test-playground
# The playground, one page to be opened from disk: build/playground/kyso.html
playground:
	scripts/playground

# Uses the playground in headless Chromium.
test-playground:
	scripts/test-playground

.PHONY: security security-long
# The proofs of docs/security-proofs.md in full size, within 25 minutes.
security:
	scripts/security

# Mutants and long fuzzing, once per release.
security-long:
	scripts/security-long

.PHONY: test-receivers
# Callback receivers in seven frameworks, each installed, started and sent genuine and false callbacks.
test-receivers:
	scripts/test-receivers

.PHONY: docs test-docs
# The documents as a site with search, in build/docs; to read them: python3 -m http.server -d build/docs
docs:
	scripts/docs

# Runs every code block of the documents, follows CONTRIBUTING.md, and uses the site in headless Chromium.
test-docs:
	scripts/test-docs
	scripts/test-contributing
	scripts/test-site

.PHONY: check-packages release
# Every package as its users have it, in real projects and hosts. Takes long; not part of make test.
check-packages:
	scripts/check-npm
	scripts/check-pypi
	scripts/check-c
	scripts/check-php
	scripts/check-rust

# Every artefact of a release from one version, checked; publishes nothing.
release:
	scripts/release

.PHONY: fuzz
# Every fuzz target for a minute, two at a time: make fuzz SECONDS=60
SECONDS ?= 60
fuzz:
	scripts/fuzz seconds $(SECONDS)

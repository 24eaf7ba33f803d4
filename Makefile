# Everything one does with demarc's sources. "make demo" and "make test" are
# the two to start with.

GO      ?= go
BIN     := bin/demarc
# Cayley's newest commit is not in the checksum database; go.sum has its hash.
export GONOSUMDB := github.com/cayleygraph/cayley
# Where git cannot say which commit this is, the build goes without.
VCS     := $(if $(shell git rev-parse HEAD 2>/dev/null),,-buildvcs=false)

.DEFAULT_GOAL := build
.PHONY: build demo test bench eval lint tidy generate fuzz soak manual sbom release-check clean FORCE

build: $(BIN)

# Without C, as releases are: one file that needs no library, and whose memory is
# all Go's. (With C, the store's caches are allocated by malloc, whose arenas grew by
# a few MiB a minute in a soak.)
$(BIN): FORCE
	CGO_ENABLED=0 $(GO) build -trimpath $(VCS) -o $@ ./cmd/demarc

# Load the sample documents and ask three questions.
demo: build
	@$(BIN) demo

# Everything that has to hold, as continuous integration runs it.
test:
	.ci/test

# How well the evaluation data beside the repository are read and answered;
# writes the tables in docs/quality.md.
eval:
	DEMARC_EVAL=1 $(GO) test ./internal/eval -run TestQuality -count=1 -update -v

# 100,000 documents take hours: make bench SIZES=1000,10000,100000
SIZES ?= 1000,10000
bench: build
	$(GO) test -run '^$$' -bench . -benchmem ./...
	nlp/bench/run
	$(GO) run ./graph/ask/bench
	cd graph/store/bench && (cd oxigraph && npm ci --silent) && $(GO) run -mod=mod .
	$(GO) run ./graph/bench -sizes $(SIZES)
	$(GO) run ./graph/bench -folder 500 -demarc $(BIN)
	(cd graph/export/bench/oxigraph && npm ci --silent) && $(GO) run ./graph/export/bench
	cd graph/query/bench && (cd oxigraph && npm ci --silent) && $(GO) run -mod=mod .
	(cd graph/serve/bench/oxigraph && npm ci --silent) && $(GO) run ./graph/serve/bench -soak 10m
	DEMARC_ABUSE=10000 $(GO) test ./graph/serve -run TestAbuse -count=1 -v

lint:
	.ci/lint

# Bring go.mod and go.sum up to date, those of beam, which follow these, too.
tidy:
	@set -e; for mod in go.mod beam/go.mod; do \
		(cd $$(dirname $$mod) && $(GO) mod tidy); \
	done

# Rewrite what is made from the sources: the command reference and the schema
# reference.
generate:
	$(GO) generate ./...

# Run each fuzz target for FUZZTIME.
FUZZTIME ?= 30s
fuzz:
	@set -e; for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

# Load, replace, remove, ask, query, export and kill for SOAKTIME: nothing may be
# lost and nothing grow. The short form is among the tests.
SOAKTIME ?= 1h
soak: build
	CGO_ENABLED=0 $(GO) run ./internal/soak -for $(SOAKTIME) -demarc $(BIN)

# The manual pages and the completion scripts, below build/share.
manual:
	$(GO) run ./cmd/demarc/internal/manual -out build/share

# What the program is made of, in CycloneDX: build/demarc.cdx.json.
sbom:
	mkdir -p build
	DEMARC_RELEASE=yes DEMARC_SBOM=$(CURDIR)/build/demarc.cdx.json $(GO) test ./internal/release -run TestContents -count=1 -v

# What has to hold of a release: it builds for every system, twice the same, the
# list of what is in it is complete, and goreleaser has nothing against its
# settings. With RELEASE=clean, the two builds share nothing compiled before.
RELEASE ?= yes
release-check:
	DEMARC_RELEASE=$(RELEASE) $(GO) test ./internal/release -count=1 -timeout 2h -v

clean:
	rm -rf bin build

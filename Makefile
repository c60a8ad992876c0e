# The targets are the commands one types often, nothing more: .ci/run is the
# judge, and it does not call make.

build: # one static binary, no C compiler needed
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o rapport ./cmd/rapport

test:
	go test ./...

lint:
	test -z "$$(gofmt -l .)"
	go vet ./...
	go tool staticcheck ./...

bench: # figures for notes and docs come from here, on a quiet machine
	go test -run '^$$' -bench . -benchmem ./...

demo: build
	./rapport demo

.PHONY: build test lint bench demo

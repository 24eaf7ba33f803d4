# Builds demarc from the repository it stands in. docs/deploy.md says how to run it.
FROM golang:1.26-bookworm AS build
WORKDIR /src
# Cayley's newest commit is not in the checksum database; go.sum has its hash.
ENV CGO_ENABLED=0 GONOSUMDB=github.com/cayleygraph/cayley
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -trimpath -buildvcs=false -o /demarc ./cmd/demarc \
 && mkdir -p /data && chown 65532:65532 /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /demarc /usr/local/bin/demarc
COPY --from=build --chown=65532:65532 /data /data
ENV DEMARC_DB=/data/demarc.db
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/demarc"]
# An address that others reach needs DEMARC_TOKEN, or --public-read.
CMD ["serve", "--listen", ":8080", "--write"]

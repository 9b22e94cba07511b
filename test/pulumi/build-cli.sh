#!/usr/bin/env bash
# Builds the Pulumi CLI and its Node.js language host from their Go modules, once for each version, and prints
# the folder that has them.
set -euo pipefail
cd "$(dirname "$0")"

cli=github.com/pulumi/pulumi/pkg/v3
version=$(cd cli && go list -m -f '{{.Version}}' "$cli")
folder="${XDG_CACHE_HOME:-$HOME/.cache}/websocket-channels/pulumi-$version-$(sha256sum language-host/* build-cli.sh | sha256sum | cut -c1-8)"
if [ ! -x "$folder/pulumi" ]; then
  building=$(mktemp -d)
  trap 'rm -rf "$building"' EXIT
  named="-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version#v}"
  (cd cli && go build -ldflags "$named" -o "$building/" "$cli/cmd/pulumi")
  (cd language-host && go build -ldflags "-s -w" -o "$building/pulumi-language-nodejs-flags" \
    github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs)
  cp language-host/pulumi-language-nodejs "$building/"
  mkdir -p "$(dirname "$folder")"
  # Whole or not at all; somebody else may have been faster.
  mv -T "$building" "$folder" 2> /dev/null || [ -x "$folder/pulumi" ]
fi
echo "$folder"

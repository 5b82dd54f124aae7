// Reads bills of materials as osv-scanner does, with osv-scalibr's extractors, and prints what it understood as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/google/osv-scalibr/extractor/filesystem"
	"github.com/google/osv-scalibr/extractor/filesystem/sbom/cdx"
	"github.com/google/osv-scalibr/extractor/filesystem/sbom/spdx"
)

type found struct {
	Format   string   `json:"format"`
	Packages []string `json:"packages"`
}

func read(path string) (found, error) {
	extractor, err := cdx.New(nil)
	if strings.HasSuffix(path, ".spdx.json") {
		extractor, err = spdx.New(nil)
	}
	if err != nil {
		return found{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return found{}, err
	}
	defer file.Close()
	inventory, err := extractor.Extract(context.Background(), &filesystem.ScanInput{Path: filepath.Base(path), Reader: file})
	if err != nil {
		return found{}, err
	}
	result := found{Format: extractor.Name()}
	for _, p := range inventory.Packages {
		purl := ""
		if p.PURL() != nil {
			purl = p.PURL().String()
		}
		result.Packages = append(result.Packages, strings.TrimSpace(purl))
	}
	sort.Strings(result.Packages)
	return result, nil
}

func main() {
	answers := map[string]found{}
	for _, path := range os.Args[1:] {
		result, err := read(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			os.Exit(1)
		}
		answers[filepath.Base(path)] = result
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}

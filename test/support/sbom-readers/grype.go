// Reads bills of materials as grype does, with syft's formats, and prints what it understood as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/anchore/syft/syft/format"
)

type found struct {
	Format   string   `json:"format"`
	Distro   string   `json:"distro"`
	Packages []string `json:"packages"`
}

func read(path string) (found, error) {
	file, err := os.Open(path)
	if err != nil {
		return found{}, err
	}
	defer file.Close()
	bom, id, version, err := format.Decode(file)
	if err != nil {
		return found{}, err
	}
	if bom == nil {
		return found{}, fmt.Errorf("no format that it knows")
	}
	result := found{Format: fmt.Sprintf("%s@%s", id, version)}
	if distro := bom.Artifacts.LinuxDistribution; distro != nil {
		result.Distro = distro.ID + " " + distro.VersionID
	}
	for p := range bom.Artifacts.Packages.Enumerate() {
		var licenses []string
		for _, license := range p.Licenses.ToSlice() {
			text := license.SPDXExpression
			if text == "" {
				text = license.Value
			}
			licenses = append(licenses, text)
		}
		sort.Strings(licenses)
		result.Packages = append(result.Packages, fmt.Sprintf("%s %s %s %s", p.Type, p.Name, p.Version, strings.Join(licenses, ",")))
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

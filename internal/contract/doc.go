// Package contract tests the SDK against the API's official service definition.
//
// The definition is fetched, compiled and served as a REST server that rejects
// what it does not know. The package is a module of its own, so that what it
// needs never reaches an importer of the SDK.
//
// Some tests read the SDK's source. As that is outside of this module, go test
// does not see it change: run the tests with -count=1.
package contract

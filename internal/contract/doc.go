// Package contract tests the SDK against the API's official service definition.
//
// The tests fetch and compile the definition, and send requests to a REST server that
// implements it and rejects unknown fields and paths. The package is a separate module,
// so that importers of the SDK do not get its dependencies.
//
// Some tests read the source of the SDK. Since that source is outside this module, go
// test does not notice changes to it: run the tests with -count=1.
package contract

// Package contract tests the SDK against the API's official service definition.
//
// The definition is fetched, compiled and served as a REST server that rejects
// what it does not know. The package is a module of its own, so that what it
// needs never reaches an importer of the SDK.
package contract

module github.com/clarifai-go/clarifai/examples

go 1.25

require github.com/clarifai-go/clarifai v0.0.0

require (
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/jarcoal/httpmock v1.4.2 // indirect
	golang.org/x/net v0.43.0 // indirect
	golang.org/x/time v0.12.0 // indirect
)

replace github.com/clarifai-go/clarifai => ../

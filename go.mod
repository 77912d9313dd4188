module github.com/clarifai-go/clarifai

go 1.25

require (
	github.com/go-resty/resty/v2 v2.17.2
	github.com/google/go-querystring v1.2.0
	github.com/jarcoal/httpmock v1.4.2
	go.uber.org/goleak v1.3.0
	golang.org/x/time v0.12.0
)

require golang.org/x/net v0.43.0 // indirect

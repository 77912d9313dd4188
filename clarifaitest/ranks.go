package clarifaitest

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"math"

	"github.com/clarifai-go/clarifai"
)

// scorer returns the score of an annotation or an input. The parameters have the same
// meaning as in [passes]; in may be nil.
type scorer func(annotations []*annotation, in *input) float64

// scorerOf returns the scorer of a rank.
func (a *App) scorerOf(rank *clarifai.Rank) scorer {
	var parts []scorer
	data := cmp.Or(rank.Annotation.Data, &clarifai.Data{})
	for _, concept := range data.Concepts {
		parts = append(parts, func(annotations []*annotation, _ *input) float64 {
			value := 0.0
			for _, an := range annotations {
				value = max(value, conceptValue(an.Data, &concept))
			}
			if absent(&concept) {
				return 1 - value
			}
			return value
		})
	}
	if len(parts) == 0 || data.Image != nil || data.Text != nil || len(data.Embeddings) > 0 || rank.Annotation.InputID != "" {
		parts = append(parts, a.likeness(rank.Annotation, data))
	}
	return func(annotations []*annotation, in *input) float64 {
		score := mean(parts, annotations, in)
		if rank.Negate {
			return 1 - score
		}
		return score
	}
}

func mean(scorers []scorer, annotations []*annotation, in *input) float64 {
	sum := 0.0
	for _, score := range scorers {
		sum += score(annotations, in)
	}
	return sum / float64(len(scorers))
}

// likeness returns a stand-in for the similarity that the API's models compute.
func (a *App) likeness(like *clarifai.Annotation, data *clarifai.Data) scorer {
	vector := embedding(data)
	if in := a.inputByID[like.InputID]; in != nil {
		vector = embedding(in.Data)
	}
	key := mustMarshal([]any{like.InputID, like.ModelVersionID, data.Image, data.Text, data.Embeddings})
	return func(annotations []*annotation, in *input) float64 {
		id, have := annotations[0].InputID, &clarifai.Data{}
		if in != nil {
			have = cmp.Or(in.Data, have)
		}
		if id != "" && id == like.InputID || sameImage(data.Image, have.Image) ||
			data.Text != nil && have.Text != nil && data.Text.Raw != "" && data.Text.Raw == have.Text.Raw {
			return 1
		}
		if other := embedding(have); len(vector) > 0 && len(vector) == len(other) {
			return (1 + cosine(vector, other)) / 2
		}
		hash := fnv.New64a()
		hash.Write(key)
		hash.Write([]byte(id))
		return float64(hash.Sum64()%9900) / 10000
	}
}

func sameImage(want, have *clarifai.Image) bool {
	return want != nil && have != nil &&
		(want.URL != "" && want.URL == have.URL || len(want.Base64) > 0 && bytes.Equal(want.Base64, have.Base64))
}

func embedding(data *clarifai.Data) []float64 {
	if data == nil || len(data.Embeddings) == 0 {
		return nil
	}
	return data.Embeddings[0].Vector
}

func cosine(a, b []float64) float64 {
	var dot, lengthA, lengthB float64
	for i := range a {
		dot += a[i] * b[i]
		lengthA += a[i] * a[i]
		lengthB += b[i] * b[i]
	}
	if lengthA == 0 || lengthB == 0 {
		return 0
	}
	return max(-1, min(1, dot/math.Sqrt(lengthA*lengthB)))
}

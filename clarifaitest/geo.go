package clarifaitest

import (
	"math"

	"github.com/clarifai-go/clarifai"
)

const earthRadius = 6371.0 // kilometers

// kilometers maps each unit of a GeoLimit to its length in kilometers.
var kilometers = map[string]float64{
	"withinKilometers": 1,
	"withinMiles":      1.609344,
	"withinDegrees":    earthRadius * math.Pi / 180,
	"withinRadians":    earthRadius,
}

func geoFits(want, have *clarifai.Geo) bool {
	if have == nil || have.GeoPoint == nil {
		return false
	}
	if want.GeoPoint != nil {
		return distance(want.GeoPoint, have.GeoPoint) <= want.GeoLimit.Value*kilometers[want.GeoLimit.Type]
	}
	a, b, p := want.GeoBox[0].GeoPoint, want.GeoBox[1].GeoPoint, have.GeoPoint
	between := func(x, a, b float64) bool { return x >= min(a, b) && x <= max(a, b) }
	return between(p.Latitude, a.Latitude, b.Latitude) && between(p.Longitude, a.Longitude, b.Longitude)
}

// distance returns the distance between two points in kilometers, by the haversine
// formula.
func distance(a, b *clarifai.GeoPoint) float64 {
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	haversine := func(angle float64) float64 { return math.Pow(math.Sin(angle/2), 2) }
	h := haversine(radians(b.Latitude-a.Latitude)) +
		math.Cos(radians(a.Latitude))*math.Cos(radians(b.Latitude))*haversine(radians(b.Longitude-a.Longitude))
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
